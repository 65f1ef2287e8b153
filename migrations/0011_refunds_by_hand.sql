-- One refund made in Stripe's dashboard may settle several that were owed here, and give back more besides.
alter table refunds drop constraint refunds_refund_id_key;
create index on refunds (refund_id);

-- What somebody last texted to us: asked before anything is sent that they did not ask for.
create index on webhook_events ((payload ->> 'From'), received_at) where provider = 'twilio' and type = 'inbound';

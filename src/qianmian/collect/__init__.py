"""From deliveries to events; what is refused is kept. Must not decide who is who."""

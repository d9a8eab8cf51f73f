"""What unmodified tracking SDKs send, as lines that an import reads: request → `Delivery` → events.

========================= ==================================================================================
module                    does
========================= ==================================================================================
``doors``                 which address belongs to which dialect
``segment``, ``sensors``  a request → the events in it, a line each, and those that cannot be taken
``answers``               what the clients must hear, to the byte
``meanings``, ``*.yaml``  what the lines mean: mappings for `collect.imports`
========================= ==================================================================================

An event's own bytes are never written anew: what the envelope knows is spliced in front of them, and of two equal keys
the import reads the first (decision 0018).
"""

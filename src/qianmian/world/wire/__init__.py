"""The world as tracking SDKs send it: the same deliveries as JSON lines and as recorded requests.

========================== ====================================================================================
file                       holds
========================== ====================================================================================
``events-0000.jsonl``      one message a line, in order of arrival
``requests-0000.parquet``  one request a row: when it arrives, method, path, headers (JSON), and the body's bytes
========================== ====================================================================================

There is a pair of files for each file of the world's events. A message keeps the world's message id, so that the truth
still names its person; a call that an SDK makes beside it (an identify with a sign-in) has the id with the call's name
behind it.
"""

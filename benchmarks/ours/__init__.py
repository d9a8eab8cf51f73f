"""What the benchmarks run of Qianmian, each function in a process of its own."""

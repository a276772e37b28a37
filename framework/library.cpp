// The version that every consumer of libfairlead.so reads.

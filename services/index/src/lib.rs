//! Short-lived vectors of vehicles that pass an end of a section: Qdrant, embedded or as a server.

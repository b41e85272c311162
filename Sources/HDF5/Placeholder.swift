// Placeholder of the skeleton; the room's first real file replaces it.

// zlib. `inflateInit` is a macro that passes the version and the size of the stream: a plain function here.
#ifndef CZLIB_SHIM_H
#define CZLIB_SHIM_H

#include <zlib.h>

/// Unpacks a zlib stream into `capacity` bytes at most; the number of bytes, or -1 where the stream is damaged or holds more.
static inline long CZlib_inflate(const unsigned char *source, unsigned count, unsigned char *target, unsigned capacity) {
    z_stream stream = {0};
    if (inflateInit(&stream) != Z_OK) return -1;
    stream.next_in = (unsigned char *)source;
    stream.avail_in = count;
    stream.next_out = target;
    stream.avail_out = capacity;
    int status = inflate(&stream, Z_FINISH);
    unsigned long produced = stream.total_out;
    inflateEnd(&stream);
    return status == Z_STREAM_END ? (long)produced : -1;
}

#endif

// PNG and JPEG behind setjmp: bytes in, 8-bit grey or RGB pixels or an error string out.
//
// Every function is re-entrant; a decoder may be used by one thread at a time. Nothing here keeps a pointer to the
// caller's memory after the decoder is closed.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CODEC_MESSAGE_SIZE = 160 };

// What an image's header promises, or why it cannot be read.
typedef struct {
    uint32_t width;
    uint32_t height;
    uint32_t channels;          // of the decoded pixels: 1 (grey) or 3 (RGB)
    bool     too_short;         // the file cannot hold that many pixels, however well compressed
    char     message[CODEC_MESSAGE_SIZE];
} CodecHeader;

typedef struct CodecPNGDecoder CodecPNGDecoder;
typedef struct CodecJPEGDecoder CodecJPEGDecoder;

// Reads the header. NULL on failure, with the reason in `header->message`. `bytes` must stay valid until the decoder
// is closed.
CodecPNGDecoder *codec_png_open(const uint8_t *bytes, size_t count, CodecHeader *header);
CodecJPEGDecoder *codec_jpeg_open(const uint8_t *bytes, size_t count, CodecHeader *header);

// Decodes into `pixels`, which holds width * height * channels bytes, interleaved. Once per decoder.
// False on failure, with the reason in `message`.
bool codec_png_read(CodecPNGDecoder *decoder, uint8_t *pixels, char message[CODEC_MESSAGE_SIZE]);
bool codec_jpeg_read(CodecJPEGDecoder *decoder, uint8_t *pixels, char message[CODEC_MESSAGE_SIZE]);

void codec_png_close(CodecPNGDecoder *decoder);
void codec_jpeg_close(CodecJPEGDecoder *decoder);

// Encoded bytes; release with codec_bytes_free.
typedef struct {
    uint8_t *bytes;
    size_t   count;
} CodecBytes;

// Encodes 8-bit interleaved pixels (1 or 3 channels). `level` is zlib's, 0...9.
bool codec_png_write(const uint8_t *pixels, uint32_t width, uint32_t height, uint32_t channels, int level,
                     CodecBytes *encoded, char message[CODEC_MESSAGE_SIZE]);

// `quality` 1...100; `subsampled` halves the chroma's resolution both ways (4:2:0), otherwise 4:4:4.
bool codec_jpeg_write(const uint8_t *pixels, uint32_t width, uint32_t height, uint32_t channels, int quality,
                      bool subsampled, CodecBytes *encoded, char message[CODEC_MESSAGE_SIZE]);

void codec_bytes_free(CodecBytes *encoded);

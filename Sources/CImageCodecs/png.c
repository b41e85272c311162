#include "CImageCodecs.h"
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// deflate expands at most 1032 : 1 (a 258-byte match costs two bits).
enum { DEFLATE_MAXIMUM_RATIO = 1032 };

struct CodecPNGDecoder {
    png_structp    png;
    png_infop      info;
    const uint8_t *bytes;
    size_t         count;
    size_t         position;
    char           message[CODEC_MESSAGE_SIZE];
};

static void fail(png_structp png, png_const_charp text) {
    snprintf(png_get_error_ptr(png), CODEC_MESSAGE_SIZE, "%s", text);
    png_longjmp(png, 1);
}

static void ignore_warning(png_structp png, png_const_charp text) {
    (void)png;
    (void)text;
}

static void read_bytes(png_structp png, png_bytep into, size_t wanted) {
    CodecPNGDecoder *decoder = png_get_io_ptr(png);
    if (wanted > decoder->count - decoder->position) png_error(png, "the file ends early");
    memcpy(into, decoder->bytes + decoder->position, wanted);
    decoder->position += wanted;
}

// Pillow converts 16-bit grey by clipping, where every other 16-bit kind keeps the high byte.
static void clip_16_bit_grey(png_structp png, png_row_infop row, png_bytep data) {
    (void)png;
    for (png_uint_32 x = 0; x < row->width; x++) data[x] = data[2 * x] ? 255 : data[2 * x + 1];
}

static void describe(const CodecPNGDecoder *decoder, CodecHeader *header) {
    header->width = png_get_image_width(decoder->png, decoder->info);
    header->height = png_get_image_height(decoder->png, decoder->info);
    header->channels = (png_get_color_type(decoder->png, decoder->info) & PNG_COLOR_MASK_COLOR) ? 3 : 1;
    header->too_short = (uint64_t)header->height * (1 + png_get_rowbytes(decoder->png, decoder->info))
        > (uint64_t)decoder->count * DEFLATE_MAXIMUM_RATIO;
}

// Allocates rows, so only for a size that the caller has accepted.
static void set_up_conversion(CodecPNGDecoder *decoder) {
    png_structp png = decoder->png;
    int depth = png_get_bit_depth(png, decoder->info);
    int kind = png_get_color_type(png, decoder->info);
    size_t width = png_get_image_width(png, decoder->info);
    if (kind == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png);
    if (kind == PNG_COLOR_TYPE_GRAY && depth < 8) png_set_expand_gray_1_2_4_to_8(png);
    if (kind == PNG_COLOR_TYPE_GRAY && depth == 16) {
        png_set_read_user_transform_fn(png, clip_16_bit_grey);
        png_set_user_transform_info(png, NULL, 8, 1);
    } else if (depth == 16) {
        png_set_strip_16(png);
    }
    // A palette's transparency comes out of the palette expansion as alpha as well.
    png_set_strip_alpha(png);
    png_set_interlace_handling(png);
    png_read_update_info(png, decoder->info);
    if (png_get_rowbytes(png, decoder->info) != width * ((kind & PNG_COLOR_MASK_COLOR) ? 3 : 1))
        png_error(png, "unexpected row size");
}

// libpng only says "Invalid IHDR data".
static bool is_empty(const uint8_t *bytes, size_t count) {
    static const uint8_t zero[4];
    return count >= 24 && (memcmp(bytes + 16, zero, 4) == 0 || memcmp(bytes + 20, zero, 4) == 0);
}

CodecPNGDecoder *codec_png_open(const uint8_t *bytes, size_t count, CodecHeader *header) {
    memset(header, 0, sizeof *header);
    if (is_empty(bytes, count)) {
        snprintf(header->message, CODEC_MESSAGE_SIZE, "its width or height is zero");
        return NULL;
    }
    CodecPNGDecoder *decoder = calloc(1, sizeof *decoder);
    if (!decoder) {
        snprintf(header->message, CODEC_MESSAGE_SIZE, "out of memory");
        return NULL;
    }
    decoder->bytes = bytes;
    decoder->count = count;
    decoder->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, decoder->message, fail, ignore_warning);
    if (decoder->png) decoder->info = png_create_info_struct(decoder->png);
    if (!decoder->info) {
        snprintf(header->message, CODEC_MESSAGE_SIZE, "libpng could not be started");
        codec_png_close(decoder);
        return NULL;
    }
    if (setjmp(png_jmpbuf(decoder->png))) {
        memcpy(header->message, decoder->message, CODEC_MESSAGE_SIZE);
        codec_png_close(decoder);
        return NULL;
    }
    png_set_read_fn(decoder->png, decoder, read_bytes);
    // The caller judges the size by the number of pixels.
    png_set_user_limits(decoder->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    // Profiles and texts cannot change the pixels: they are skipped, their check sums still verified.
    png_set_keep_unknown_chunks(decoder->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_set_crc_action(decoder->png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
    png_read_info(decoder->png, decoder->info);
    describe(decoder, header);
    return decoder;
}

bool codec_png_read(CodecPNGDecoder *decoder, uint8_t *pixels, char message[CODEC_MESSAGE_SIZE]) {
    if (setjmp(png_jmpbuf(decoder->png))) {
        memcpy(message, decoder->message, CODEC_MESSAGE_SIZE);
        return false;
    }
    set_up_conversion(decoder);
    size_t stride = png_get_rowbytes(decoder->png, decoder->info);
    png_uint_32 height = png_get_image_height(decoder->png, decoder->info);
    int passes = png_get_interlace_type(decoder->png, decoder->info) == PNG_INTERLACE_NONE ? 1 : PNG_INTERLACE_ADAM7_PASSES;
    for (int pass = 0; pass < passes; pass++)
        for (png_uint_32 y = 0; y < height; y++) png_read_row(decoder->png, pixels + y * stride, NULL);
    return true;
}

void codec_png_close(CodecPNGDecoder *decoder) {
    if (!decoder) return;
    png_destroy_read_struct(&decoder->png, &decoder->info, NULL);
    free(decoder);
}

typedef struct {
    CodecBytes encoded;
    size_t     capacity;
    char       message[CODEC_MESSAGE_SIZE];
} Writer;

static void write_bytes(png_structp png, png_bytep from, size_t count) {
    Writer *writer = png_get_io_ptr(png);
    size_t needed = writer->encoded.count + count;
    if (needed > writer->capacity) {
        size_t capacity = needed * 2;
        uint8_t *grown = realloc(writer->encoded.bytes, capacity);
        if (!grown) png_error(png, "out of memory");
        writer->encoded.bytes = grown;
        writer->capacity = capacity;
    }
    memcpy(writer->encoded.bytes + writer->encoded.count, from, count);
    writer->encoded.count = needed;
}

static void flush_nothing(png_structp png) { (void)png; }

static bool write_png(Writer *writer, const uint8_t *pixels, uint32_t width, uint32_t height, uint32_t channels, int level) {
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, writer->message, fail, ignore_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info) {
        snprintf(writer->message, CODEC_MESSAGE_SIZE, "libpng could not be started");
        png_destroy_write_struct(&png, NULL);
        return false;
    }
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_write_struct(&png, &info);
        return false;
    }
    png_set_write_fn(png, writer, write_bytes, flush_nothing);
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_compression_level(png, level);
    png_set_IHDR(png, info, width, height, 8, channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    for (uint32_t y = 0; y < height; y++) png_write_row(png, pixels + (size_t)y * width * channels);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    return true;
}

bool codec_png_write(const uint8_t *pixels, uint32_t width, uint32_t height, uint32_t channels, int level,
                     CodecBytes *encoded, char message[CODEC_MESSAGE_SIZE]) {
    Writer writer = {0};
    bool written = write_png(&writer, pixels, width, height, channels, level);
    if (written) {
        *encoded = writer.encoded;
    } else {
        memcpy(message, writer.message, CODEC_MESSAGE_SIZE);
        free(writer.encoded.bytes);
    }
    return written;
}

void codec_bytes_free(CodecBytes *encoded) {
    free(encoded->bytes);
    encoded->bytes = NULL;
    encoded->count = 0;
}

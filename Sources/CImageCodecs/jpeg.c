#include "CImageCodecs.h"
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jpeglib.h>
#include <jerror.h>

// Every scan of a progressive file is a pass over the whole image: a small file can ask for hours of work.
enum { MAXIMUM_SCANS = 500 };

typedef struct {
    struct jpeg_error_mgr manager;      // first: libjpeg hands back a pointer to it
    jmp_buf               escape;
    char                  message[CODEC_MESSAGE_SIZE];
} ErrorManager;

struct CodecJPEGDecoder {
    struct jpeg_decompress_struct jpeg;
    ErrorManager                  error;
    struct jpeg_source_mgr        source;
    struct jpeg_progress_mgr      progress;
};

static void fail(j_common_ptr jpeg) {
    ErrorManager *error = (ErrorManager *)jpeg->err;
    char text[JMSG_LENGTH_MAX];
    error->manager.format_message(jpeg, text);
    snprintf(error->message, CODEC_MESSAGE_SIZE, "%.*s", CODEC_MESSAGE_SIZE - 1, text);
    longjmp(error->escape, 1);
}

static void fail_with(j_common_ptr jpeg, const char *text) {
    ErrorManager *error = (ErrorManager *)jpeg->err;
    snprintf(error->message, CODEC_MESSAGE_SIZE, "%s", text);
    longjmp(error->escape, 1);
}

// libjpeg calls it a warning when a scan's data is damaged or stops early, and goes on with grey blocks. Half a picture
// is no picture; the other warnings (stray bytes, odd markers) leave the pixels whole.
static void judge_message(j_common_ptr jpeg, int level) {
    if (level >= 0) return;
    switch (jpeg->err->msg_code) {
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC:
    case JWRN_JPEG_EOF:
        fail(jpeg);
    default:
        jpeg->err->num_warnings++;
    }
}

static void print_nothing(j_common_ptr jpeg) { (void)jpeg; }

static struct jpeg_error_mgr *set_up_errors(ErrorManager *error) {
    struct jpeg_error_mgr *manager = jpeg_std_error(&error->manager);
    manager->error_exit = fail;
    manager->emit_message = judge_message;
    manager->output_message = print_nothing;
    return manager;
}

static void nothing_to_do(j_decompress_ptr jpeg) { (void)jpeg; }

static boolean run_dry(j_decompress_ptr jpeg) {
    fail_with((j_common_ptr)jpeg, "the file ends early");
    return FALSE;
}

static void skip_bytes(j_decompress_ptr jpeg, long count) {
    if (count <= 0) return;
    if ((size_t)count > jpeg->src->bytes_in_buffer) fail_with((j_common_ptr)jpeg, "the file ends early");
    jpeg->src->next_input_byte += count;
    jpeg->src->bytes_in_buffer -= (size_t)count;
}

static void limit_scans(j_common_ptr jpeg) {
    if (((j_decompress_ptr)jpeg)->input_scan_number > MAXIMUM_SCANS) fail_with(jpeg, "too many scans");
}

// Every 8x8 block costs at least one bit in its first scan (arithmetic coding may cost less).
static bool is_too_short(const struct jpeg_decompress_struct *jpeg, size_t count) {
    if (jpeg->arith_code) return false;
    uint64_t blocks = 0;
    for (int c = 0; c < jpeg->num_components; c++)
        blocks += (uint64_t)jpeg->comp_info[c].width_in_blocks * jpeg->comp_info[c].height_in_blocks;
    return blocks > (uint64_t)count * 8;
}

static void open_jpeg(CodecJPEGDecoder *decoder, size_t count, CodecHeader *header) {
    struct jpeg_decompress_struct *jpeg = &decoder->jpeg;
    jpeg_create_decompress(jpeg);
    jpeg->src = &decoder->source;
    jpeg->progress = &decoder->progress;
    jpeg_read_header(jpeg, TRUE);
    switch (jpeg->num_components) {
    case 1:
        jpeg->out_color_space = JCS_GRAYSCALE;
        break;
    case 3:
        jpeg->out_color_space = JCS_RGB;
        break;
    case 4:
        jpeg->out_color_space = JCS_CMYK;
        break;
    default:
        fail_with((j_common_ptr)jpeg, "a JPEG has 1, 3 or 4 colour components");
    }
    header->width = jpeg->image_width;
    header->height = jpeg->image_height;
    header->channels = jpeg->num_components == 1 ? 1 : 3;
    header->too_short = is_too_short(jpeg, count);
}

CodecJPEGDecoder *codec_jpeg_open(const uint8_t *bytes, size_t count, CodecHeader *header) {
    memset(header, 0, sizeof *header);
    CodecJPEGDecoder *decoder = calloc(1, sizeof *decoder);
    if (!decoder) {
        snprintf(header->message, CODEC_MESSAGE_SIZE, "out of memory");
        return NULL;
    }
    decoder->jpeg.err = set_up_errors(&decoder->error);
    decoder->source = (struct jpeg_source_mgr){
        .next_input_byte = bytes, .bytes_in_buffer = count, .init_source = nothing_to_do, .fill_input_buffer = run_dry,
        .skip_input_data = skip_bytes, .resync_to_restart = jpeg_resync_to_restart, .term_source = nothing_to_do};
    decoder->progress.progress_monitor = limit_scans;
    if (setjmp(decoder->error.escape)) {
        memcpy(header->message, decoder->error.message, CODEC_MESSAGE_SIZE);
        codec_jpeg_close(decoder);
        return NULL;
    }
    open_jpeg(decoder, count, header);
    return decoder;
}

static uint8_t scaled(uint8_t a, uint8_t b) {
    unsigned product = (unsigned)a * b + 128;
    return (uint8_t)((product + (product >> 8)) >> 8);
}

// Four-component files hold inverted CMYK (Adobe's convention, which Pillow takes for granted): 255 is no ink, so each
// colour is its channel times the black one.
static void convert_inverted_cmyk(const uint8_t *cmyk, uint8_t *rgb, size_t width) {
    for (size_t x = 0; x < width; x++, cmyk += 4, rgb += 3)
        for (int c = 0; c < 3; c++) {
            int without = cmyk[3] - scaled((uint8_t)(255 - cmyk[c]), cmyk[3]);
            rgb[c] = without < 0 ? 0 : (uint8_t)without;
        }
}

bool codec_jpeg_read(CodecJPEGDecoder *decoder, uint8_t *pixels, char message[CODEC_MESSAGE_SIZE]) {
    struct jpeg_decompress_struct *jpeg = &decoder->jpeg;
    if (setjmp(decoder->error.escape)) {
        memcpy(message, decoder->error.message, CODEC_MESSAGE_SIZE);
        return false;
    }
    jpeg_start_decompress(jpeg);
    size_t stride = (size_t)jpeg->output_width * (jpeg->output_components == 1 ? 1 : 3);
    JSAMPROW cmyk = NULL;
    if (jpeg->output_components == 4)
        cmyk = jpeg->mem->alloc_large((j_common_ptr)jpeg, JPOOL_IMAGE, (size_t)jpeg->output_width * 4);
    while (jpeg->output_scanline < jpeg->output_height) {
        JSAMPROW row = pixels + jpeg->output_scanline * stride;
        JSAMPROW target = cmyk ? cmyk : row;
        jpeg_read_scanlines(jpeg, &target, 1);
        if (cmyk) convert_inverted_cmyk(cmyk, row, jpeg->output_width);
    }
    jpeg_finish_decompress(jpeg);
    return true;
}

void codec_jpeg_close(CodecJPEGDecoder *decoder) {
    if (!decoder) return;
    jpeg_destroy_decompress(&decoder->jpeg);
    free(decoder);
}

typedef struct {
    struct jpeg_compress_struct jpeg;
    ErrorManager                error;
    unsigned char              *bytes;
    unsigned long               count;
} Encoder;

static void write_jpeg(Encoder *encoder, const uint8_t *pixels, uint32_t width, uint32_t height, uint32_t channels,
                       int quality, bool subsampled) {
    struct jpeg_compress_struct *jpeg = &encoder->jpeg;
    jpeg_create_compress(jpeg);
    if (width > JPEG_MAX_DIMENSION || height > JPEG_MAX_DIMENSION)
        fail_with((j_common_ptr)jpeg, "a JPEG is at most 65500 pixels wide or high");
    jpeg_mem_dest(jpeg, &encoder->bytes, &encoder->count);
    jpeg->image_width = width;
    jpeg->image_height = height;
    jpeg->input_components = (int)channels;
    jpeg->in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(jpeg);
    jpeg_set_quality(jpeg, quality, TRUE);
    if (channels == 3) jpeg->comp_info[0].h_samp_factor = jpeg->comp_info[0].v_samp_factor = subsampled ? 2 : 1;
    jpeg_start_compress(jpeg, TRUE);
    while (jpeg->next_scanline < height) {
        JSAMPROW row = (JSAMPROW)(pixels + (size_t)jpeg->next_scanline * width * channels);
        jpeg_write_scanlines(jpeg, &row, 1);
    }
    jpeg_finish_compress(jpeg);
}

bool codec_jpeg_write(const uint8_t *pixels, uint32_t width, uint32_t height, uint32_t channels, int quality,
                      bool subsampled, CodecBytes *encoded, char message[CODEC_MESSAGE_SIZE]) {
    // On the heap: locals changed between setjmp and longjmp are indeterminate.
    Encoder *encoder = calloc(1, sizeof *encoder);
    if (!encoder) {
        snprintf(message, CODEC_MESSAGE_SIZE, "out of memory");
        return false;
    }
    encoder->jpeg.err = set_up_errors(&encoder->error);
    bool written = false;
    if (setjmp(encoder->error.escape) == 0) {
        write_jpeg(encoder, pixels, width, height, channels, quality, subsampled);
        *encoded = (CodecBytes){.bytes = encoder->bytes, .count = encoder->count};
        written = true;
    } else {
        // After an error half way (out of memory) libjpeg no longer says which buffer is alive: it is left alone.
        memcpy(message, encoder->error.message, CODEC_MESSAGE_SIZE);
    }
    jpeg_destroy_compress(&encoder->jpeg);
    free(encoder);
    return written;
}

/* SPDX-License-Identifier: MIT */
#include "common/pass/qr.h"

#include <qrencode.h>

enum { VERSION_MAX = 8, MODULE_IS_DARK = 1 }; /* the lowest bit of libqrencode's modules */

static QRcode *encode(struct span digits)
{
    QRinput *input = QRinput_new2(0, QR_ECLEVEL_M); /* 0: the smallest version */

    CHECK(input);
    /* numeric by our word: left to guess, the library may split a text into other modes */
    int failed =
        QRinput_append(input, QR_MODE_NUM, (int)digits.size, (const unsigned char *)digits.at);
    QRcode *code = failed ? NULL : QRcode_encodeInput(input);
    QRinput_free(input);
    return code;
}

static void copy_modules(const QRcode *code, struct qr *qr)
{
    qr->width = code->width;
    for (int y = 0; y < code->width; y++)
        for (int x = 0; x < code->width; x++)
            qr->dark[y][x] = code->data[y * code->width + x] & MODULE_IS_DARK;
}

bool qr_make(struct span digits, struct qr *qr)
{
    *qr = (struct qr){0};
    if (digits.size == 0 || digits.size > INT16_MAX)
        return false;
    QRcode *code = encode(digits);
    bool fits = code && code->version <= VERSION_MAX;
    if (fits)
        copy_modules(code, qr);
    QRcode_free(code);
    return fits;
}

int qr_module_dots(const struct qr *qr)
{
    CHECK(qr->width > 0);
    return (QR_SYMBOL_MM * QR_DOTS_PER_MM + qr->width - 1) / qr->width;
}

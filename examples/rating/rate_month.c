/* SPDX-License-Identifier: Apache-2.0 */
/* Rates one month by a folder of tariffs and prints its lines as JSON.
 *
 *   cc rate_month.c $(pkg-config --cflags --libs watthour-rating) -o rate_month
 *   ./rate_month TARIFFS CASE.json
 */
#include <watthour_rating.h>

#include <stdio.h>
#include <stdlib.h>

static char* text_of_file(const char* path) {
    FILE* file = fopen(path, "rb");
    if (file == NULL) return NULL;
    char* text = NULL;
    if (fseek(file, 0, SEEK_END) == 0) {
        const long size = ftell(file);
        rewind(file);
        text = size < 0 ? NULL : malloc((size_t)size + 1);
        if (text != NULL) text[fread(text, 1, (size_t)size, file)] = '\0';
    }
    fclose(file);
    return text;
}

static int refused(char* problem) {
    fprintf(stderr, "%s\n", problem);
    watthour_text_free(problem);
    return 1;
}

int main(int count, char** words) {
    if (count != 3) {
        fprintf(stderr, "usage: rate_month TARIFFS CASE.json\n");
        return 2;
    }
    char* problem = NULL;
    watthour_tariffs* tariffs = watthour_tariffs_open(words[1], &problem);
    if (tariffs == NULL) return refused(problem);

    char* month = text_of_file(words[2]);
    if (month == NULL) {
        perror(words[2]);
        watthour_tariffs_close(tariffs);
        return 2;
    }
    char* bill = watthour_rate(tariffs, month, &problem);
    free(month);
    watthour_tariffs_close(tariffs);
    if (bill == NULL) return refused(problem);
    puts(bill);
    watthour_text_free(bill);
    return 0;
}

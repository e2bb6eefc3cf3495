/* SPDX-License-Identifier: Apache-2.0 */
/* Rates electric bills from tariffs that are text: the C interface of libwatthour_rating.
 *
 * Tariffs are opened once and only read from then on: any number of threads may rate by them at
 * the same time. A case says what was used, when, and on which terms; the answer has every line,
 * subtotal and journal leg. Both are JSON, described in docs/reference/tariffs.md: money and
 * quantities are decimal text, never floating point. Nothing looks at a clock or a database, so
 * the same tariffs and case give the same answer for ever.
 *
 * Every text that a function gives belongs to the caller, who frees it with watthour_text_free.
 * Where a function fails, it answers NULL and *problem is JSON {"rule", "message", "next"}: the
 * name of the rule that refused, a sentence, and the remedy. `problem` may be NULL.
 */
#ifndef WATTHOUR_RATING_H
#define WATTHOUR_RATING_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct watthour_tariffs watthour_tariffs;

/* The version of this library, "0.1.0". Static; not to be freed. */
const char* watthour_rating_version(void);

/* Opens a folder of tariffs, a YAML file that stands alone, or a URDB record.
 * Errors: cases.record_refused, base.file_missing, those of tariff with file, line and column. */
watthour_tariffs* watthour_tariffs_open(const char* path, char** problem);

/* The same from a text in memory; `name` stands in its errors. */
watthour_tariffs* watthour_tariffs_read(const char* name, const char* yaml, char** problem);

/* NULL is allowed. */
void watthour_tariffs_close(watthour_tariffs* tariffs);

/* Rates every statement of a case, given as JSON; the answer is JSON.
 * Rounding: each line once, to the cent, as its charge states.
 * Errors: base.json_malformed, cases.*, usage.*, rating.*, tariff.*; the first refusal ends the
 * case, and nothing is half computed. */
char* watthour_rate(const watthour_tariffs* tariffs, const char* case_json, char** problem);

/* The printed rate sheet of a schedule on a day ("2026-06-15") as JSON, `language` "en" or "es".
 * Errors: tariff.schedule_unknown, tariff.no_version_on_date, calendar.date_malformed. */
char* watthour_rate_sheet(const watthour_tariffs* tariffs, const char* schedule, const char* day,
                          const char* language, char** problem);

/* NULL is allowed. */
void watthour_text_free(char* text);

#ifdef __cplusplus
}
#endif

#endif

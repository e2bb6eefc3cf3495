# SPDX-License-Identifier: Apache-2.0
# The developer's targets; each is one line over a CMake preset or a tool. Users have ./run, ./test.
.PHONY: all build test tidy format bench accept docs sources help
tool = cmake --preset dev >/dev/null && cmake --build --preset dev --target tidy >/dev/null && build/dev/bin/tidy

all: build   ## build, then the fast tests (this is what plain make does)
	ctest --preset dev -LE slow -j2
build:       ## build with tests and checks
	cmake --preset dev >/dev/null && cmake --build --preset dev
test:        ## all that ./test does
	./test
tidy:        ## the lint: rooms, sizes, names, SQL, licence lines
	$(tool) .
format:      ## lay out every C++ file as .clang-format says
	tools/check_format.sh --fix .
bench:       ## build and run the benchmarks
	cmake --preset bench >/dev/null && cmake --build --preset bench && for b in build/bench/bin/*_bench; do $$b || exit 1; done
accept: build ## take the golden bills as they come out now; the diff is the review
	WATTHOUR_ACCEPT=1 ctest --preset dev -R golden
docs:        ## write docs/capabilities.md anew
	$(tool) --capabilities .
contract:    ## write docs/reference/openapi.json anew
	build/dev/bin/watthour serve --contract > docs/reference/openapi.json
sources:     ## Source: ids that docs/sources.md does not know
	$(tool) --sources .
help:        ## this list
	@sed -n 's/^\([a-z]*\):[a-z ]*## /\1\t/p' Makefile | expand -t 10

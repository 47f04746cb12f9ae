// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/pair.h"
#include "model/picture.h"

#include <span>

namespace mha {

/// One row of the table of rules: the manual's table is compared with it by a test.
struct RuleText {
    const char* code;      ///< e.g. "vip-on-both"
    VerdictLevel level;    ///< what it makes of the verdict at least
    const char* meaning;   ///< one sentence
    const char* remedy;    ///< what the operator does
};

std::span<const RuleText> ruleTable();

/// Pure: the verdict over a picture at `picture.at`. `Picture::verdict` itself is not read.
Verdict judge(const Picture& picture, const Pair& pair);

} // namespace mha

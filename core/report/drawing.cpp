// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/drawing.h"

#include <array>
#include <cmath>
#include <utility>

namespace mha {

Ink phaseInk(const QString& phase) {
    static constexpr std::array<std::pair<const char*, Ink>, 5> kInks{{{"detection", Ink::Detection},
                                                                       {"election", Ink::Election},
                                                                       {"address", Ink::Address},
                                                                       {"container", Ink::Container},
                                                                       {"serving", Ink::Serving}}};
    for (const auto& [name, ink] : kInks) {
        if (phase == QLatin1String(name))
            return ink;
    }
    return Ink::OtherPhase;
}

double niceStep(double span, int most) {
    const double raw = span / most;
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        // 1e-9: a quotient that is just above its round number is that number.
        if (power * factor >= raw * (1 - 1e-9))
            return power * factor;
    }
    return power * 10.0;
}

} // namespace mha

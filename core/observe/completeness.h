// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/observation.h"

#include <array>

namespace mha {

/// Pure: has every fact of both nodes been seen, or found to be unseeable, and has the VIP been asked once? What a
/// one-shot status waits for.
class Completeness {
public:
    explicit Completeness(bool storageWatched) : storageWatched_(storageWatched) {}

    void add(const Observation& observation);
    bool complete() const;

private:
    struct Node {
        unsigned subjects = 0; ///< a bit for each Subject that is settled
        bool outOfReach = false;
    };

    std::array<Node, 2> nodes_;
    bool vipAsked_ = false;
    bool storageWatched_ = true;
};

} // namespace mha

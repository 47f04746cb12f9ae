// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/time.h"

#include <QWidget>

#include <optional>

class QComboBox;
class QDateTimeEdit;

namespace mha {

class Label;

/// How a switchover is done: at once, there and back as a drill, or at a time of this computer's zone, which is named.
class WhenChoice : public QWidget {
    Q_OBJECT

public:
    enum class Mode { Now, Drill, Later };

    explicit WhenChoice(QWidget* parent = nullptr);

    Mode mode() const;
    /// The chosen time where it is Later and to come; what is past is none.
    std::optional<Instant> at(Instant now) const;
    /// Back to now; and only that may be chosen from then on.
    void setNowOnly();

Q_SIGNALS:
    void changed();

private:
    QComboBox* mode_;
    QDateTimeEdit* time_;
    Label* zone_;
};

} // namespace mha

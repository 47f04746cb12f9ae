// SPDX-License-Identifier: GPL-3.0-or-later
#include "recording/line.h"

#include "recording/fields.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <limits>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

QString nameOf(ErrorCode code) {
    return errorCodeName(code);
}

QString nameOf(LinkState state) {
    return linkStateName(state);
}

QString nameOf(LinkStep step) {
    return linkStepName(step);
}

QString nameOf(ScriptUse use) {
    return scriptUseName(use);
}

QString nameOf(VrrpState state) {
    return vrrpStateName(state);
}

QString nameOf(ContainerState state) {
    return containerStateName(state);
}

QString nameOf(Subject subject) {
    return subjectName(subject);
}

std::optional<ErrorCode> fromName(QStringView name, ErrorCode) {
    return errorCodeFromName(name);
}

std::optional<LinkState> fromName(QStringView name, LinkState) {
    return linkStateFromName(name);
}

std::optional<LinkStep> fromName(QStringView name, LinkStep) {
    return linkStepFromName(name);
}

std::optional<ScriptUse> fromName(QStringView name, ScriptUse) {
    return scriptUseFromName(name);
}

std::optional<VrrpState> fromName(QStringView name, VrrpState) {
    return vrrpStateFromName(name);
}

std::optional<ContainerState> fromName(QStringView name, ContainerState) {
    return containerStateFromName(name);
}

std::optional<Subject> fromName(QStringView name, Subject) {
    return subjectFromName(name);
}

/// Sums and differences of a few of them do not overflow: what is further away than 36,000 years is damage.
constexpr qint64 kMostMicroseconds = qint64(1) << 60;

template <typename T> struct IsOptional : std::false_type {};

template <typename T> struct IsOptional<std::optional<T>> : std::true_type {};

template <typename T> struct IsList : std::false_type {};

template <typename T> struct IsList<QList<T>> : std::true_type {};

/// Makes a JSON object of the fields it is called with.
struct WriteFields {
    QJsonObject object;

    template <typename T> WriteFields& operator()(const char* name, const T& field);
};

/// Reads them out of one. After the first that is not what it should be, `wrong` names it and the rest is left.
struct ReadFields {
    QJsonObject object;
    QString wrong;

    template <typename T> ReadFields& operator()(const char* name, T& field);
};

template <typename T> QJsonValue toValue(const T& value) {
    if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, double> || std::is_same_v<T, QString>) {
        return value;
    } else if constexpr (std::is_enum_v<T>) {
        return nameOf(value);
    } else if constexpr (std::is_integral_v<T>) {
        static_assert(std::is_signed_v<T> || sizeof(T) < sizeof(qint64), "JSON here holds 64 bits with a sign");
        return static_cast<qint64>(value);
    } else if constexpr (std::is_same_v<T, Duration>) {
        return static_cast<qint64>(value.count());
    } else if constexpr (std::is_same_v<T, Instant>) {
        return static_cast<qint64>(value.time_since_epoch().count());
    } else if constexpr (IsList<T>::value) {
        QJsonArray array;
        for (const auto& one : value)
            array.append(toValue(one));
        return array;
    } else {
        WriteFields write;
        fields(write, value);
        return write.object;
    }
}

std::optional<qint64> wholeNumber(const QJsonValue& json) {
    // Two defaults: the one that comes back either way is a number of the file.
    const qint64 number = json.toInteger(0);
    return json.isDouble() && number == json.toInteger(1) ? std::optional(number) : std::nullopt;
}

/// What is wrong with it, or nothing.
template <typename T> QString fromValue(const QJsonValue& json, T& value) {
    if constexpr (IsOptional<T>::value) {
        return fromValue(json, value.emplace());
    } else if constexpr (std::is_same_v<T, bool>) {
        if (!json.isBool())
            return u"is neither true nor false"_s;
        value = json.toBool();
    } else if constexpr (std::is_same_v<T, double>) {
        if (!json.isDouble())
            return u"is no number"_s;
        value = json.toDouble();
    } else if constexpr (std::is_same_v<T, QString>) {
        if (!json.isString())
            return u"is no text"_s;
        value = json.toString();
    } else if constexpr (std::is_enum_v<T>) {
        const std::optional<T> known = fromName(json.toString(), T{});
        if (!known)
            return u"has an unknown value"_s;
        value = *known;
    } else if constexpr (std::is_integral_v<T> || std::is_same_v<T, Duration> || std::is_same_v<T, Instant>) {
        const std::optional<qint64> number = wholeNumber(json);
        if (!number)
            return u"is no whole number"_s;
        if constexpr (std::is_integral_v<T>) {
            if (!std::in_range<T>(*number))
                return u"is out of range"_s;
            value = static_cast<T>(*number);
        } else {
            if (*number > kMostMicroseconds || *number < -kMostMicroseconds)
                return u"is out of range"_s;
            value = T(Duration(*number));
        }
    } else if constexpr (IsList<T>::value) {
        if (!json.isArray())
            return u"is no list"_s;
        value.clear();
        for (const auto& one : json.toArray()) {
            if (const QString wrong = fromValue(one, value.emplaceBack()); !wrong.isEmpty())
                return u"holds what "_s + wrong;
        }
    } else {
        if (!json.isObject())
            return u"is no object"_s;
        ReadFields read{json.toObject(), {}};
        fields(read, value);
        return read.wrong;
    }
    return {};
}

template <typename T> WriteFields& WriteFields::operator()(const char* name, const T& field) {
    if constexpr (IsOptional<T>::value) {
        if (field)
            object.insert(QLatin1String(name), toValue(*field));
    } else {
        object.insert(QLatin1String(name), toValue(field));
    }
    return *this;
}

template <typename T> ReadFields& ReadFields::operator()(const char* name, T& field) {
    const QJsonValue json = object.value(QLatin1String(name));
    if (json.isUndefined() || !wrong.isEmpty())
        return *this;
    if (const QString trouble = fromValue(json, field); !trouble.isEmpty())
        wrong = u'"' + QLatin1String(name) + u"\" "_s + trouble;
    return *this;
}

Error wrongLine(const QString& text) {
    return {ErrorCode::Storage, text, {}, {}};
}

Result<QJsonObject> objectOf(const QByteArray& line) {
    if (line.size() > kLongestLine)
        return std::unexpected(wrongLine(u"the line is longer than %1 bytes"_s.arg(kLongestLine)));
    QJsonParseError trouble;
    const QJsonDocument document = QJsonDocument::fromJson(line, &trouble);
    if (trouble.error != QJsonParseError::NoError) {
        return std::unexpected(
            wrongLine(u"this is no JSON: %1 at byte %2"_s.arg(trouble.errorString()).arg(trouble.offset)));
    }
    if (!document.isObject())
        return std::unexpected(wrongLine(u"this is no JSON object"_s));
    return document.object();
}

/// Reads `json` as the alternative of Sighting that is named so.
template <std::size_t I = 0> Result<Sighting> sightingOf(QStringView name, const QJsonValue& json) {
    if constexpr (I == std::variant_size_v<Sighting>) {
        return std::unexpected(wrongLine(u"this version knows no sighting \"%1\""_s.arg(name)));
    } else {
        using Seen = std::variant_alternative_t<I, Sighting>;
        if (name != QLatin1String(kSightingName<Seen>))
            return sightingOf<I + 1>(name, json);
        Seen seen;
        if (const QString wrong = fromValue(json, seen); !wrong.isEmpty())
            return std::unexpected(wrongLine(u"%1: %2"_s.arg(name, wrong)));
        return seen;
    }
}

QByteArray lineOf(const QJsonObject& object) {
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

QJsonObject toObject(const Observation& observation) {
    return std::visit(
        [&](const auto& seen) {
            using Seen = std::remove_cvref_t<decltype(seen)>;
            return QJsonObject{{u"at"_s, toValue(observation.at)},
                               {u"node"_s, observation.node},
                               {u"saw"_s, QLatin1String(kSightingName<Seen>)},
                               {u"what"_s, toValue(seen)}};
        },
        observation.sighting);
}

QJsonObject toObject(const Tick& tick) {
    return {{u"tick"_s, toValue(tick.at)}};
}

} // namespace

Instant timeOf(const Entry& entry) {
    return std::visit([](const auto& one) { return one.at; }, entry);
}

Pair withoutSignIn(Pair pair) {
    pair.knownHosts.clear();
    for (NodeConfig& node : pair.nodes) {
        node.identity.clear();
        node.user = NodeConfig().user;
    }
    return pair;
}

QByteArray toLine(const RecordingHeader& header) {
    return lineOf({{u"recording"_s, u"milvus-ha"_s},
                   {u"format"_s, header.format},
                   {u"program"_s, header.program},
                   {u"pair"_s, QString::fromUtf8(toToml(withoutSignIn(header.pair)))}});
}

Result<QByteArray> toLine(const Entry& entry) {
    QByteArray line = lineOf(std::visit([](const auto& one) { return toObject(one); }, entry));
    if (line.size() > kLongestLine)
        return std::unexpected(wrongLine(u"what was seen is longer than a line of %1 bytes"_s.arg(kLongestLine)));
    return line;
}

Result<RecordingHeader> headerFromLine(const QByteArray& line) {
    const Result<QJsonObject> object = objectOf(line);
    if (!object || object->value(u"recording"_s) != u"milvus-ha"_s)
        return std::unexpected(wrongLine(u"this is no recording of milvus-ha"_s));
    RecordingHeader header;
    header.format = object->value(u"format"_s).toInt();
    header.program = object->value(u"program"_s).toString();
    if (header.format < 1 || header.format > kRecordingFormat) {
        return std::unexpected(wrongLine(u"format %1 is not known here; it was written by milvus-ha %2"_s.arg(
            object->value(u"format"_s).toVariant().toString(), header.program)));
    }
    Result<Pair> pair = parsePair(object->value(u"pair"_s).toString().toUtf8(), u"its pair"_s);
    if (!pair)
        return std::unexpected(wrongLine(toSentence(pair.error())));
    header.pair = std::move(*pair);
    return header;
}

Result<Entry> entryFromLine(const QByteArray& line) {
    const Result<QJsonObject> object = objectOf(line);
    if (!object)
        return std::unexpected(object.error());
    const QJsonValue ticked = object->value(u"tick"_s);
    const QJsonValue seenAt = object->value(u"at"_s);
    Instant at;
    if (const QString wrong = fromValue(ticked.isUndefined() ? seenAt : ticked, at); !wrong.isEmpty())
        return std::unexpected(wrongLine(u"its time "_s + wrong));
    if (!ticked.isUndefined())
        return Tick{at};
    const std::optional<qint64> node = wholeNumber(object->value(u"node"_s));
    if (!node || *node < -1 || *node > 1)
        return std::unexpected(wrongLine(u"\"node\" is none of -1, 0 and 1"_s));
    Result<Sighting> sighting = sightingOf(object->value(u"saw"_s).toString(), object->value(u"what"_s));
    if (!sighting)
        return std::unexpected(sighting.error());
    return Observation{at, static_cast<int>(*node), std::move(*sighting)};
}

} // namespace mha

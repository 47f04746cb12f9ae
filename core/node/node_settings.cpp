// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/node_settings.h"

#include <QFile>
#include <QStringList>

#include <toml++/toml.h>

#include <cmath>
#include <functional>
#include <sstream>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kLargestFile = 1 << 20;

/// Where a field's value goes. False: it is not what is allowed.
struct Field {
    const char* name;
    bool required;
    const char* allowed;
    std::function<bool(const toml::node&)> take;
};

QString fromUtf8(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

auto text(QString& target, qsizetype longest = 4095) {
    return [&target, longest](const toml::node& node) {
        const auto value = node.value_exact<std::string>();
        if (!value || value->empty() || static_cast<qsizetype>(value->size()) > longest)
            return false;
        target = fromUtf8(*value);
        return true;
    };
}

auto yesNo(bool& target) {
    return [&target](const toml::node& node) {
        const auto value = node.value_exact<bool>();
        target = value.value_or(target);
        return value.has_value();
    };
}

auto whole(qint64 lowest, qint64 highest, std::function<void(qint64)> set) {
    return [lowest, highest, set = std::move(set)](const toml::node& node) {
        const auto value = node.value_exact<int64_t>();
        if (!value || *value < lowest || *value > highest)
            return false;
        set(*value);
        return true;
    };
}

/// Seconds, with or without a fraction.
auto seconds(Duration& target, double highest) {
    return [&target, highest](const toml::node& node) {
        const auto value = node.value<double>();
        if (!node.is_number() || !value || !(*value > 0) || *value > highest)
            return false;
        target = Duration(std::llround(*value * 1e6));
        return true;
    };
}

auto address(IpAddress& target) {
    return [&target](const toml::node& node) {
        const auto value = node.value_exact<std::string>();
        const auto read = value ? IpAddress::fromText(fromUtf8(*value)) : std::nullopt;
        target = read.value_or(IpAddress());
        return read.has_value();
    };
}

auto oneOf(std::initializer_list<const char*> words, std::function<void(const std::string&)> set) {
    return
        [known = std::vector<std::string>(words.begin(), words.end()), set = std::move(set)](const toml::node& node) {
            const auto value = node.value_exact<std::string>();
            if (!value || std::ranges::find(known, *value) == known.end())
                return false;
            set(*value);
            return true;
        };
}

bool takeVips(const toml::node& node, QList<IpPrefix>& vips) {
    const auto* const list = node.as_array();
    for (size_t i = 0; list && i < list->size(); ++i) {
        const auto value = (*list)[i].value_exact<std::string>();
        const auto read = value ? IpPrefix::fromText(fromUtf8(*value)) : std::nullopt;
        if (!read)
            return false;
        vips.append(*read);
    }
    return !vips.isEmpty();
}

QList<Field> fieldsOf(NodeSettings& s, bool& unicast) {
    VrrpInstance& v = s.vrrp;
    return {
        {"engine", false, "\"native\" or \"keepalived\"",
         oneOf({"native", "keepalived"},
               [&s](const std::string& word) {
                   s.engine = word == "native" ? NodeEngine::Native : NodeEngine::Keepalived;
               })},
        {"notify_fifo", false, "a path", text(s.notifyFifo, 107)},
        {"keepalived_instance", false, "the name of a vrrp_instance", text(s.keepalivedInstance, 255)},
        {"interface", false, "a network interface, such as \"enp7s0\"", text(v.interface, 15)},
        {"version", false, "2 or 3", whole(2, 3, [&v](qint64 n) { v.version = static_cast<VrrpVersion>(n); })},
        {"vrid", true, "a whole number of 1 to 255", whole(1, 255, [&v](qint64 n) { v.vrid = static_cast<int>(n); })},
        {"priority", true, "a whole number of 1 to 254",
         whole(1, 254, [&v](qint64 n) { v.priority = static_cast<int>(n); })},
        {"advert_interval_seconds", false, "seconds, such as 0.1", seconds(v.advertInterval, 255)},
        {"password", false, "1 to 8 characters, in quotes",
         [&v](const toml::node& node) {
             const auto value = node.value_exact<std::string>();
             v.auth = VrrpAuth::Password;
             v.password = value ? QByteArray::fromStdString(*value) : QByteArray();
             return value && !value->empty() && value->size() <= 8;
         }},
        {"checksum", false, "\"auto\", \"pseudo-header\" or \"plain\"",
         oneOf({"auto", "pseudo-header", "plain"},
               [&v](const std::string& word) {
                   v.checksum.reset();
                   if (word != "auto")
                       v.checksum = word == "plain" ? ChecksumForm::Plain : ChecksumForm::PseudoHeader;
               })},
        {"vips", true, "a list of addresses with their prefix lengths, such as [\"192.168.1.104/32\"]",
         [&v](const toml::node& node) { return takeVips(node, v.addresses); }},
        {"peer", true, "the other node's own address", address(s.peer)},
        {"peer_kind", false, "\"node\" or \"keepalived\"",
         oneOf({"node", "keepalived"}, [&s](const std::string& word) { s.peerSpeaks = word == "node"; })},
        {"peer_stop_deadline_seconds", false, "a whole number of 1 to 3600",
         whole(1, 3600, [&s](qint64 n) { s.peerStopDeadline = std::chrono::seconds(n); })},
        {"unicast", false, "true or false", yesNo(unicast)},
        {"preempt", false, "true or false", yesNo(v.preempt)},
        {"stop_deadline_seconds", false, "seconds, at least three advert intervals", seconds(s.stopDeadline, 3600)},
        {"witness", false, "an IPv4 address of the LAN, such as the gateway's", address(s.witness)},
        {"port", false, "a UDP port", whole(1, 65535, [&s](qint64 n) { s.port = static_cast<quint16>(n); })},
        {"container", false, "a container's name or id", text(s.container, 255)},
        {"docker_socket", false, "a socket's path", text(s.dockerSocket)},
        {"stop_grace_seconds", false, "a whole number of 0 to 3600",
         whole(0, 3600, [&s](qint64 n) { s.stopGrace = std::chrono::seconds(n); })},
        {"restart_in_place", false, "true or false", yesNo(s.restartInPlace)},
        {"end_connections", false, "true or false", yesNo(s.endsConnections)},
        {"control_socket", false, "a socket's path", text(s.controlSocket)},
        {"control_group", false, "a group's name", text(s.controlGroup, 64)},
        {"event_log", false, "a file's path", text(s.eventLog)},
    };
}

Result<NodeSettings> checked(NodeSettings settings, bool unicast, const QString& fileName) {
    const auto wrong = [&](const QString& text, const QString& remedy) {
        return std::unexpected(Error{ErrorCode::BadPairFile, text, fileName, remedy});
    };
    settings.vrrp.name = settings.container;
    if (unicast)
        settings.vrrp.peers = {settings.peer};
    VrrpInstance probe = settings.vrrp;
    probe.source = settings.peer; // of the same family; the true one is found later
    if (auto runs = checkVrrpInstance(probe); !runs)
        return wrong(runs.error().text, runs.error().remedy);
    if (settings.stopDeadline == Duration{})
        settings.stopDeadline = 3 * settings.vrrp.advertInterval;
    if (settings.stopDeadline < 3 * settings.vrrp.advertInterval)
        return wrong(u"stop_deadline_seconds is shorter than three advert intervals."_s, u"Leave it out."_s);
    if (settings.witness.isV6())
        return wrong(u"witness is no IPv4 address."_s, u"Only IPv4 witnesses can be asked."_s);
    // A program that stood still for so long has lost its Milvus, and the other node has taken over.
    settings.vrrp.stepDownAfterAbsence = settings.stopDeadline;
    return settings;
}

} // namespace

Result<NodeSettings> parseNodeSettings(const QByteArray& bytes, const QString& fileName) {
    const auto place = [&](const toml::node* node) {
        return node ? u"%1, line %2"_s.arg(fileName).arg(node->source().begin.line) : fileName;
    };
    toml::table table;
    try {
        table = toml::parse(std::string_view(bytes.constData(), static_cast<size_t>(bytes.size())));
    } catch (const toml::parse_error& error) {
        return std::unexpected(Error{ErrorCode::BadPairFile,
                                     u"It is not TOML: %1."_s.arg(fromUtf8(error.description())),
                                     u"%1, line %2"_s.arg(fileName).arg(error.source().begin.line),
                                     u"Correct it; milvus-ha-node(8) has an example."_s});
    }
    NodeSettings settings;
    settings.vrrp.preempt = false;
    bool unicast = false;
    QStringList known;
    for (const Field& field : fieldsOf(settings, unicast)) {
        known.append(QString::fromLatin1(field.name));
        const toml::node* const node = table.get(field.name);
        if (!node && !field.required)
            continue;
        if (!node || !field.take(*node)) {
            return std::unexpected(
                Error{ErrorCode::BadPairFile,
                      u"%1 %2."_s.arg(known.back(), node ? u"is not what it should be"_s : u"is missing"_s),
                      place(node), u"Write %1."_s.arg(QString::fromLatin1(field.allowed))});
        }
    }
    for (const auto& [key, value] : table) {
        if (!known.contains(fromUtf8(key.str()))) {
            return std::unexpected(Error{ErrorCode::BadPairFile, u"%1 is not a known field."_s.arg(fromUtf8(key.str())),
                                         place(&value), u"Known are: %1."_s.arg(known.join(u", "_s))});
        }
    }
    return checked(std::move(settings), unicast, fileName);
}

Result<NodeSettings> readNodeSettings(const QString& fileName) {
    QFile file(fileName);
    if (!file.open(QIODevice::ReadOnly)) {
        return std::unexpected(Error{ErrorCode::BadPairFile, u"It cannot be read: %1."_s.arg(file.errorString()),
                                     fileName,
                                     u"Write it as milvus-ha-node(8) shows, or name another one with --config."_s});
    }
    if (file.size() > kLargestFile)
        return std::unexpected(Error{ErrorCode::BadPairFile, u"It is larger than 1 MB."_s, fileName, {}});
    return parseNodeSettings(file.readAll(), fileName);
}

QStringList adviceOn(const NodeSettings& settings) {
    QStringList advice;
    if (!settings.witness.isSet()) {
        advice += u"No witness is set: where the network between the nodes fails while both cables carry, both Milvus "
                  u"would run. Set witness to the gateway's address."_s;
    }
    if (!settings.peerSpeaks) {
        advice += u"The other node does not say when its Milvus has stopped: every takeover waits %1 s."_s.arg(
            settings.peerStopDeadline.count());
    }
    if (settings.vrrp.preempt)
        advice += u"With preempt, Milvus is stopped and moved once more when the node of higher priority comes back."_s;
    for (const IpPrefix& vip : settings.vrrp.addresses) {
        if (vip.address.isV4() && vip.length != 32) {
            advice += u"%1 goes when the first address of its network goes: write %2/32."_s.arg(vip.toText(),
                                                                                                vip.address.toText());
        }
    }
    return advice;
}

} // namespace mha

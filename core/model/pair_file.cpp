// SPDX-License-Identifier: GPL-3.0-or-later

// The pair file: TOML read by toml++, field after field, the first fault told with file, line, field and what is
// allowed.

#include "model/pair.h"

#include <QFile>
#include <QRegularExpression>
#include <QStringList>

#include <toml++/toml.h>

#include <algorithm>
#include <arpa/inet.h>
#include <numeric>
#include <span>
#include <sstream>
#include <vector>

namespace mha {

namespace {

constexpr qint64 kLargestFile = 1 << 20;
constexpr qint64 kHighestPort = 65535;
constexpr double kLongestRto = 86400;
constexpr qint64 kLongestStopGrace = 3600;

const QStringList kRootKeys{QStringLiteral("name"),   QStringLiteral("vip"),     QStringLiteral("known_hosts"),
                            QStringLiteral("milvus"), QStringLiteral("storage"), QStringLiteral("node")};
const QStringList kMilvusKeys{QStringLiteral("container"),   QStringLiteral("generation"),
                              QStringLiteral("client_port"), QStringLiteral("health"),
                              QStringLiteral("rto_seconds"), QStringLiteral("stop_grace_seconds"),
                              QStringLiteral("query")};
const QStringList kQueryKeys{QStringLiteral("port"), QStringLiteral("path"), QStringLiteral("body"),
                             QStringLiteral("expect")};
const QStringList kStorageKeys{QStringLiteral("path")};
const QStringList kNodeKeys{QStringLiteral("name"),     QStringLiteral("host"),     QStringLiteral("port"),
                            QStringLiteral("user"),     QStringLiteral("identity"), QStringLiteral("interface"),
                            QStringLiteral("container")};

QString fromUtf8(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// Letters to insert and delete to make one of the other, for "did you mean": a short form stays near its long one.
qsizetype editDistance(const QString& a, const QString& b) {
    std::vector<qsizetype> row(static_cast<std::size_t>(b.size()) + 1);
    std::iota(row.begin(), row.end(), qsizetype{0});
    for (qsizetype i = 0; i < a.size(); ++i) {
        qsizetype diagonal = row[0];
        row[0] = i + 1;
        for (qsizetype j = 0; j < b.size(); ++j) {
            const auto column = static_cast<std::size_t>(j) + 1;
            const qsizetype replaced = diagonal + (a[i] == b[j] ? 0 : 2);
            diagonal = row[column];
            row[column] = std::min({row[column] + 1, row[column - 1] + 1, replaced});
        }
    }
    return row.back();
}

QString nearest(const QString& key, const QStringList& known) {
    return *std::ranges::min_element(known, {}, [&](const QString& candidate) { return editDistance(key, candidate); });
}

/// What a text field may hold; `allowed` is read aloud in the error.
struct TextRule {
    const char* pattern;
    const char* allowed;
};

constexpr TextRule kNameRule{R"(^[^\x00-\x1f\x7f/\\"]{1,64}\z)",
                             "a name of 1 to 64 characters without slash, backslash or quote"};
constexpr TextRule kHostRule{R"(^[A-Za-z0-9:_.%][A-Za-z0-9:_.%-]{0,254}\z)", "a host name or an address"};
constexpr TextRule kUserRule{R"(^[A-Za-z_][A-Za-z0-9_.@-]{0,63}\z)", "a user name"};
constexpr TextRule kContainerRule{R"(^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}\z)",
                                  "a container's name or id as Docker has it"};
constexpr TextRule kInterfaceRule{R"(^[^\s/]{1,15}\z)",
                                  "a network interface, at most 15 characters, such as \"enp7s0\""};
constexpr TextRule kFileRule{R"(^[^\x00-\x1f\x7f]{1,4095}\z)", "a file name"};
constexpr TextRule kFolderRule{R"(^/[^\x00-\x1f\x7f]{0,4094}\z)", "a folder's full path, beginning with a slash"};
constexpr TextRule kVipRule{R"(^[0-9.]+/[0-9]+\z)",
                            "an IPv4 address with its prefix length, such as \"192.168.1.104/24\""};
constexpr TextRule kGenerationRule{R"(^(auto|0\.x|2\.x)\z)", "\"auto\", \"0.x\" or \"2.x\""};
constexpr TextRule kHealthRule{R"(^(auto|[0-9]+/[\x21-\x7e]*)\z)",
                               "\"auto\", or port and URL path of an own health check, such as \"9091/healthz\""};

constexpr TextRule kQueryPathRule{R"(^/[\x21-\x7e]{0,1023}\z)", "a URL path, such as \"/v2/vectordb/entities/query\""};
constexpr TextRule kQueryTextRule{R"(^[^\x00\x7f]{1,4096}\z)", "a text of at most 4096 characters"};

/// One table of the file with the name by which its fields are told, e.g. "node 2".
class Section {
public:
    Section(const toml::table& table, QString title, QString fileName)
        : table_(table), title_(std::move(title)), fileName_(std::move(fileName)) {}

    Error wrong(const toml::node* at, const QString& key, const QString& found, const QString& allowed) const {
        return {ErrorCode::BadPairFile, QStringLiteral("%1 %2.").arg(field(key), found), place(at),
                QStringLiteral("Write %1.").arg(allowed)};
    }

    Error missing(const QString& key, const QString& allowed) const {
        return wrong(nullptr, key, QStringLiteral("is missing"), allowed);
    }

    Result<void> checkKeys(const QStringList& known) const {
        for (const auto& [key, value] : table_) {
            const QString name = fromUtf8(key.str());
            if (known.contains(name))
                continue;
            const auto line = key.source().begin.line;
            return std::unexpected(Error{
                ErrorCode::BadPairFile, QStringLiteral("%1 is not a known field.").arg(field(name)), placeOf(line),
                QStringLiteral("Did you mean \"%1\"? Allowed here: %2.").arg(nearest(name, known), known.join(u", "))});
        }
        return {};
    }

    /// Sets `target` from a text field; a missing one is an error only when `required`.
    Result<void> readText(const QString& key, const TextRule& rule, QString& target, bool required = false) const {
        const QString allowed = QString::fromLatin1(rule.allowed);
        const toml::node* node = at(key);
        if (node == nullptr)
            return required ? Result<void>(std::unexpected(missing(key, allowed))) : Result<void>();
        const auto text = node->value_exact<std::string>();
        const QString quoted = allowed + QStringLiteral(", in quotes");
        if (!text)
            return std::unexpected(wrong(node, key, isA(*node) + QStringLiteral(", not text"), quoted));
        const QString value = fromUtf8(*text);
        if (!QRegularExpression(QString::fromLatin1(rule.pattern)).match(value).hasMatch())
            return std::unexpected(wrong(node, key, QStringLiteral("is \"%1\"").arg(value), allowed));
        target = value;
        return {};
    }

    Result<void> readWhole(const QString& key, qint64 lowest, qint64 highest, qint64& target) const {
        const toml::node* node = at(key);
        if (node == nullptr)
            return {};
        const QString allowed = QStringLiteral("a whole number from %1 to %2").arg(lowest).arg(highest);
        const auto number = node->value_exact<std::int64_t>();
        if (!number)
            return std::unexpected(wrong(node, key, isA(*node), allowed));
        if (*number < lowest || *number > highest)
            return std::unexpected(wrong(node, key, QStringLiteral("is %1").arg(*number), allowed));
        target = *number;
        return {};
    }

    Result<void> readPort(const QString& key, quint16& target) const {
        qint64 port = target;
        auto read = readWhole(key, 1, kHighestPort, port);
        target = static_cast<quint16>(port);
        return read;
    }

    Result<void> readSeconds(const QString& key, double longest, std::chrono::duration<double>& target) const {
        const toml::node* node = at(key);
        if (node == nullptr)
            return {};
        const QString allowed = QStringLiteral("a number of seconds above 0 and up to %1").arg(longest);
        const auto number = node->is_number() ? node->value<double>() : std::nullopt;
        if (!number)
            return std::unexpected(wrong(node, key, isA(*node), allowed));
        if (!(*number > 0) || *number > longest)
            return std::unexpected(wrong(node, key, QStringLiteral("is %1").arg(*number), allowed));
        target = std::chrono::duration<double>(*number);
        return {};
    }

    /// A table below this one; nullptr where the file has none.
    Result<const toml::table*> readTable(const QString& key) const {
        const toml::node* node = at(key);
        if (node != nullptr && !node->is_table())
            return std::unexpected(wrong(node, key, isA(*node), QStringLiteral("a section [%1]").arg(key)));
        return node == nullptr ? nullptr : node->as_table();
    }

    const toml::node* at(const QString& key) const { return table_.get(key.toStdString()); }

private:
    QString field(const QString& key) const { return title_.isEmpty() ? key : title_ + QLatin1Char('.') + key; }

    QString place(const toml::node* node) const {
        return placeOf((node ? node->source() : table_.source()).begin.line);
    }

    QString placeOf(toml::source_index line) const {
        return QStringLiteral("%1, line %2").arg(fileName_).arg(std::max<toml::source_index>(line, 1));
    }

    static QString isA(const toml::node& node) {
        switch (node.type()) {
        case toml::node_type::table:
            return QStringLiteral("is a section");
        case toml::node_type::array:
            return QStringLiteral("is a list");
        case toml::node_type::string:
            return QStringLiteral("is text");
        case toml::node_type::integer:
            return QStringLiteral("is a whole number");
        case toml::node_type::floating_point:
            return QStringLiteral("is a number with a point");
        case toml::node_type::boolean:
            return QStringLiteral("is true or false");
        default:
            return QStringLiteral("is a date or time");
        }
    }

    const toml::table& table_;
    QString title_;
    QString fileName_;
};

/// The first error of several reads that do not depend on each other.
Result<void> firstError(std::initializer_list<Result<void>> reads) {
    for (const Result<void>& read : reads) {
        if (!read)
            return read;
    }
    return {};
}

Result<void> checkVip(const Section& root, const QString& vip) {
    const QString key = QStringLiteral("vip");
    in_addr address{};
    const bool parsed = inet_pton(AF_INET, qPrintable(vip.section(QLatin1Char('/'), 0, 0)), &address) == 1;
    const int prefix = vip.section(QLatin1Char('/'), 1).toInt();
    const in_addr_t host = ntohl(address.s_addr);
    if (parsed && prefix >= 1 && prefix <= 32 && host != 0 && host < 0xe0000000U)
        return {};
    return std::unexpected(
        root.wrong(root.at(key), key, QStringLiteral("is \"%1\"").arg(vip), QString::fromLatin1(kVipRule.allowed)));
}

Result<void> readHealth(const Section& milvus, Pair& pair) {
    const QString key = QStringLiteral("health");
    QString text = QStringLiteral("auto");
    if (const auto read = milvus.readText(key, kHealthRule, text); !read || text == u"auto")
        return read;
    const qint64 port = text.section(QLatin1Char('/'), 0, 0).toLongLong();
    if (port < 1 || port > kHighestPort) {
        return std::unexpected(milvus.wrong(milvus.at(key), key, QStringLiteral("is \"%1\"").arg(text),
                                            QString::fromLatin1(kHealthRule.allowed)));
    }
    pair.health = HealthEndpoint{text.mid(text.indexOf(QLatin1Char('/'))), static_cast<quint16>(port)};
    return {};
}

Result<void> readQuery(const Section& milvus, const QString& fileName, Pair& pair) {
    const auto table = milvus.readTable(QStringLiteral("query"));
    if (!table)
        return std::unexpected(table.error());
    if (*table == nullptr)
        return {};
    const Section section(**table, QStringLiteral("milvus.query"), fileName);
    MilvusQuery query;
    const auto read = firstError({
        section.checkKeys(kQueryKeys),
        section.readPort(QStringLiteral("port"), query.port),
        section.readText(QStringLiteral("path"), kQueryPathRule, query.path, true),
        section.readText(QStringLiteral("body"), kQueryTextRule, query.body),
        section.readText(QStringLiteral("expect"), kQueryTextRule, query.expect, true),
    });
    if (read)
        pair.query = query;
    return read;
}

Result<void> readMilvus(const Section& milvus, const QString& fileName, Pair& pair) {
    QString generation = QStringLiteral("auto");
    qint64 grace = pair.stopGrace.count();
    auto read = firstError({
        milvus.checkKeys(kMilvusKeys),
        milvus.readText(QStringLiteral("container"), kContainerRule, pair.container),
        milvus.readText(QStringLiteral("generation"), kGenerationRule, generation),
        milvus.readPort(QStringLiteral("client_port"), pair.clientPort),
        readHealth(milvus, pair),
        readQuery(milvus, fileName, pair),
        milvus.readSeconds(QStringLiteral("rto_seconds"), kLongestRto, pair.rto),
        milvus.readWhole(QStringLiteral("stop_grace_seconds"), 1, kLongestStopGrace, grace),
    });
    pair.generation = generation == u"0.x" ? Generation::V0 : generation == u"2.x" ? Generation::V2 : Generation::Auto;
    pair.stopGrace = std::chrono::seconds{grace};
    return read;
}

Result<void> readNode(const Section& section, NodeConfig& node) {
    return firstError({
        section.checkKeys(kNodeKeys),
        section.readText(QStringLiteral("name"), kNameRule, node.name, true),
        section.readText(QStringLiteral("host"), kHostRule, node.host, true),
        section.readPort(QStringLiteral("port"), node.port),
        section.readText(QStringLiteral("user"), kUserRule, node.user),
        section.readText(QStringLiteral("identity"), kFileRule, node.identity),
        section.readText(QStringLiteral("interface"), kInterfaceRule, node.interface),
        section.readText(QStringLiteral("container"), kContainerRule, node.container),
    });
}

/// What two nodes must not share, and what a node must not share with the pair.
Result<void> checkNodesApart(std::span<const Section> sections, const Pair& pair) {
    const auto clash = [&](std::size_t which, const QString& key, const QString& found, const QString& allowed) {
        return std::unexpected(sections[which].wrong(sections[which].at(key), key, found, allowed));
    };
    const NodeConfig& first = pair.nodes[0];
    const NodeConfig& second = pair.nodes[1];
    if (first.name == second.name) {
        return clash(1, QStringLiteral("name"), QStringLiteral("is \"%1\", as the first node's").arg(second.name),
                     QStringLiteral("another name: the two nodes must differ"));
    }
    if (first.host == second.host && first.port == second.port) {
        return clash(1, QStringLiteral("host"), QStringLiteral("is \"%1\", as the first node's").arg(second.host),
                     QStringLiteral("the other server's address: a pair is two servers"));
    }
    for (std::size_t i = 0; i < pair.nodes.size(); ++i) {
        if (pair.nodes[i].host == pair.vipAddress()) {
            return clash(i, QStringLiteral("host"), QStringLiteral("is the VIP"),
                         QStringLiteral("the server's own address: the VIP moves between the two"));
        }
    }
    return {};
}

Result<void> readNodes(const Section& root, const QString& fileName, Pair& pair) {
    const QString key = QStringLiteral("node");
    const QString allowed = QStringLiteral("exactly two sections [[node]], each with name and host");
    const toml::node* found = root.at(key);
    if (found == nullptr)
        return std::unexpected(root.missing(key, allowed));
    const toml::array* list = found->as_array();
    if (list == nullptr || !list->is_homogeneous<toml::table>())
        return std::unexpected(root.wrong(found, key, QStringLiteral("is not a list of sections"), allowed));
    if (list->size() != pair.nodes.size()) {
        const toml::node* extra = list->size() > pair.nodes.size() ? list->get(pair.nodes.size()) : found;
        return std::unexpected(
            root.wrong(extra, key, QStringLiteral("is there %1 time(s)").arg(list->size()), allowed));
    }
    std::vector<Section> sections;
    for (std::size_t i = 0; i < pair.nodes.size(); ++i) {
        sections.emplace_back(*list->get_as<toml::table>(i), QStringLiteral("node %1").arg(i + 1), fileName);
        if (auto read = readNode(sections.back(), pair.nodes[i]); !read)
            return read;
    }
    return checkNodesApart(sections, pair);
}

Result<Pair> readPair(const toml::table& table, const QString& fileName) {
    Pair pair;
    const Section root(table, {}, fileName);
    if (const auto read = firstError({
            root.checkKeys(kRootKeys),
            root.readText(QStringLiteral("name"), kNameRule, pair.name, true),
            root.readText(QStringLiteral("vip"), kVipRule, pair.vip, true),
            root.readText(QStringLiteral("known_hosts"), kFileRule, pair.knownHosts),
        });
        !read)
        return std::unexpected(read.error());
    if (const auto good = checkVip(root, pair.vip); !good)
        return std::unexpected(good.error());

    const auto milvus = root.readTable(QStringLiteral("milvus"));
    if (!milvus)
        return std::unexpected(milvus.error());
    if (*milvus != nullptr) {
        if (const auto read = readMilvus(Section(**milvus, QStringLiteral("milvus"), fileName), fileName, pair); !read)
            return std::unexpected(read.error());
    }
    const auto storage = root.readTable(QStringLiteral("storage"));
    if (!storage)
        return std::unexpected(storage.error());
    if (*storage != nullptr) {
        const Section section(**storage, QStringLiteral("storage"), fileName);
        if (const auto read =
                firstError({section.checkKeys(kStorageKeys),
                            section.readText(QStringLiteral("path"), kFolderRule, pair.storagePath, true)});
            !read)
            return std::unexpected(read.error());
    }
    if (const auto read = readNodes(root, fileName, pair); !read)
        return std::unexpected(read.error());
    return pair;
}

} // namespace

Result<Pair> parsePair(const QByteArray& toml, const QString& fileName) {
    try {
        return readPair(toml::parse(std::string_view(toml.constData(), static_cast<std::size_t>(toml.size()))),
                        fileName);
    } catch (const toml::parse_error& error) {
        return std::unexpected(Error{ErrorCode::BadPairFile,
                                     QStringLiteral("This is not TOML: %1.").arg(fromUtf8(error.description())),
                                     QStringLiteral("%1, line %2").arg(fileName).arg(error.source().begin.line),
                                     QStringLiteral("Mend this line; texts stand in quotes, one field a line.")});
    }
}

Result<Pair> loadPair(const QString& fileName) {
    QFile file(fileName);
    if (!file.open(QIODevice::ReadOnly)) {
        return std::unexpected(
            Error{ErrorCode::BadPairFile, QStringLiteral("The pair file cannot be read: %1.").arg(file.errorString()),
                  fileName, QStringLiteral("Name a pair file with --pair FILE, or add the pair in the dashboard.")});
    }
    if (file.size() > kLargestFile) {
        return std::unexpected(Error{ErrorCode::BadPairFile, QStringLiteral("The file is too large for a pair file."),
                                     fileName, QStringLiteral("Name a TOML file that describes one pair.")});
    }
    return parsePair(file.readAll(), fileName);
}

} // namespace mha

// SPDX-License-Identifier: GPL-3.0-or-later

// A pair as TOML, in the order an operator reads it; each value in toml++'s own notation.

#include "model/pair.h"

#include <toml++/toml.h>

#include <sstream>

namespace mha {

namespace {

class TomlText {
public:
    void section(const char* title) { text_ << '\n' << title << '\n'; }

    template <typename T> void field(const char* key, T value) {
        text_ << key << " = " << toml::value<T>(std::move(value)) << '\n';
    }

    void text(const char* key, const QString& value) {
        if (!value.isEmpty())
            field<std::string>(key, value.toStdString());
    }

    QByteArray take() const { return QByteArray::fromStdString(text_.str()); }

private:
    std::ostringstream text_;
};

const char* generationText(Generation generation) {
    switch (generation) {
    case Generation::V0:
        return "0.x";
    case Generation::V2:
        return "2.x";
    case Generation::Auto:
        break;
    }
    return "auto";
}

} // namespace

QByteArray toToml(const Pair& pair) {
    TomlText toml;
    toml.text("name", pair.name);
    toml.text("vip", pair.vip);
    toml.text("known_hosts", pair.knownHosts);
    toml.section("[milvus]");
    toml.text("container", pair.container);
    toml.field<std::string>("generation", generationText(pair.generation));
    toml.field<std::int64_t>("client_port", pair.clientPort);
    toml.text("health", pair.health ? QString::number(pair.health->port) + pair.health->path : QStringLiteral("auto"));
    toml.field<double>("rto_seconds", pair.rto.count());
    toml.field<std::int64_t>("stop_grace_seconds", pair.stopGrace.count());
    if (pair.query) {
        toml.section("[milvus.query]");
        if (pair.query->port != 0)
            toml.field<std::int64_t>("port", pair.query->port);
        toml.text("path", pair.query->path);
        toml.text("body", pair.query->body);
        toml.text("expect", pair.query->expect);
    }
    if (!pair.storagePath.isEmpty()) {
        toml.section("[storage]");
        toml.text("path", pair.storagePath);
    }
    for (const NodeConfig& node : pair.nodes) {
        toml.section("[[node]]");
        toml.text("name", node.name);
        toml.text("host", node.host);
        toml.field<std::int64_t>("port", node.port);
        toml.text("user", node.user);
        toml.text("identity", node.identity);
        toml.text("interface", node.interface);
        toml.text("container", node.container);
    }
    return toml.take();
}

} // namespace mha

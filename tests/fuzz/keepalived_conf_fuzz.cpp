// SPDX-License-Identifier: GPL-3.0-or-later

// libFuzzer over keepalived.conf: any bytes are kept, whatever is changed and changed back is kept, and no bytes make
// the reader fall.

#include "keepalived/config.h"
#include "keepalived/config_document.h"
#include "keepalived/fault_flag.h"
#include "require.h"

using namespace mha;

namespace {

void tokensAreTheText(const QByteArray& text) {
    qsizetype position = 0;
    for (const ConfigToken& token : readConfigTokens(text)) {
        require(token.span.begin == position && token.span.end > position, "a token does not follow on the last");
        position = token.span.end;
    }
    require(position == text.size(), "tokens end before the text");
}

void sayingTheSameChangesNothing(const ConfigDocument& document) {
    ConfigDocument copy = document;
    for (qsizetype i = 0; i < document.statements().size(); ++i) {
        const ConfigStatement statement = copy.statements()[i];
        copy.set(statement, statement.words);
        require(copy.text() == document.text(), "setting the same words changed the text");
    }
}

void wordsAreReadAsWritten(const ConfigDocument& document) {
    for (const ConfigStatement& statement : document.statements()) {
        for (const QString& word : statement.words) {
            if (statement.isDefinition() || word.contains(QChar(u'\n')) ||
                word.contains(QChar(QChar::ReplacementCharacter)))
                continue;
            ConfigDocument fresh("key value\n");
            fresh.set(fresh.statements()[0], {QStringLiteral("key"), word});
            require(fresh.balanced() && fresh.statements().size() == 1 && fresh.statements()[0].argument(1) == word,
                    "a word was not read as it was written");
        }
    }
}

void anAdditionIsTakenBack(const ConfigDocument& document) {
    if (document.text().trimmed().endsWith('\\'))
        return; // what is added would belong to that line
    ConfigDocument copy = document;
    copy.append(nullptr, "milvus_ha_added 1");
    const ConfigStatement* added = copy.find(u"milvus_ha_added");
    require(added != nullptr, "what was added is not there");
    copy.remove(*added);
    require(copy.text() == document.text(), "what was added was not taken away alone");
}

void theFaultFlagIsTracked(const QByteArray& text) {
    const QString vip = QStringLiteral("192.168.1.104");
    const auto with = withFaultFlag(text, vip, {});
    const auto seen = parseKeepalivedConfig(text, vip);
    if (!with || !seen || seen->faultFlag)
        return;
    const auto after = parseKeepalivedConfig(*with, vip);
    require(after && after->instance == seen->instance && after->priority == seen->priority &&
                after->vips == seen->vips,
            "putting in the FAULT flag changed the instance");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
    const QByteArray text(reinterpret_cast<const char*>(data), static_cast<qsizetype>(size));
    tokensAreTheText(text);
    const ConfigDocument document(text);
    require(document.text() == text, "the document is not its text");
    if (document.balanced()) {
        sayingTheSameChangesNothing(document);
        wordsAreReadAsWritten(document);
        anAdditionIsTakenBack(document);
    }
    theFaultFlagIsTracked(text);
    const auto seen = parseKeepalivedConfig(text, QStringLiteral("192.168.1.104"));
    require(seen || !seen.error().text.isEmpty(), "an error without a sentence");
    return 0;
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include "../observe/fake_link.h"
#include "past/log_reader.h"

#include <QSignalSpy>
#include <QTest>

using namespace mha;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const Instant kFrom = fromEpochSeconds(1795617210);
const Instant kUntil = kFrom + 40s;

QByteArray said(qint64 microseconds, const char* text) {
    return R"({"__REALTIME_TIMESTAMP":")" + QByteArray::number(microseconds) +
           R"(","SYSLOG_IDENTIFIER":"Keepalived_vrrp","MESSAGE":")" + text + "\"}\n";
}

QByteArray logOf(const QByteArray& lines) {
    return "@@past now 1795621177.8 +0000\n@@past oldest 1795610000.1 node x[1]: y\n@@past lines\n" + lines +
           "@@rc 0\n@@past kernel\n@@rc 0\n\n@@past end\n";
}

Picture bothUp() {
    Picture picture;
    for (NodePicture& node : picture.nodes) {
        node.link.state = LinkState::Up;
        node.upSince = kFrom - 1h;
        node.clock.value = ClockSeen{0us, 1ms};
    }
    return picture;
}

} // namespace

class LogReaderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void bothNodesOnTheDesktopsClock();
    void oneNodeIsOutOfSight();
    void anotherSessionAnotherTry();
    void withoutAClock();
    void sudoRefuses();
    void whatIsRefusedIsToldAndRetried();
    void aLaterQuestionOvertakes();
    void aMomentThatIsNotOver();
    void nobodyAsked();

private:
    LogReader& reader() { return *reader_; }

    const NodeLog& node(std::size_t i) const { return reader_->log().nodes.at(i); }

    std::array<std::unique_ptr<FakeLink>, 2> links_;
    std::unique_ptr<LogReader> reader_;
    Instant now_;
};

void LogReaderTest::init() {
    reader_.reset();
    now_ = kUntil + 1h;
    for (auto& link : links_)
        link = std::make_unique<FakeLink>();
    links_[0]->answer = [](const Command&) { return ExecResult{0, logOf(said(1795617218'500000, "one")), {}}; };
    links_[1]->answer = [](const Command&) { return ExecResult{0, logOf(said(1795617219'500000, "two")), {}}; };
    Pair pair;
    pair.nodes[0].name = u"master"_s;
    pair.nodes[1].name = u"backup"_s;
    reader_ = std::make_unique<LogReader>(pair, std::array<Link*, 2>{links_[0].get(), links_[1].get()},
                                          [this] { return now_; });
}

void LogReaderTest::bothNodesOnTheDesktopsClock() {
    QSignalSpy told(&reader(), &LogReader::told);
    Picture picture = bothUp();
    picture.nodes[1].clock.value = ClockSeen{30s, 2ms};
    links_[1]->answer = [](const Command& command) {
        // Asked by its own clock, half a minute ahead.
        return command.argv.sliced(4, 2) == QStringList{u"1795617240"_s, u"1795617280"_s}
                   ? Result<ExecResult>(ExecResult{0, logOf(said(1795617249'500000, "two")), {}})
                   : std::unexpected(Error{});
    };
    reader().look(picture);
    reader().read(7, kFrom, kUntil);
    QVERIFY(node(0).waiting && node(1).waiting);
    QTRY_VERIFY(!node(0).waiting && !node(1).waiting);
    QCOMPARE(reader().log().failover, 7);
    QCOMPARE(links_[0]->commands.size(), 1);
    const QList<LogEntry> lines = linesOf(reader().log());
    QCOMPARE(lines.size(), 2);
    QCOMPARE(lines[0], (LogEntry{kFrom + 8500ms, {}, u"master"_s, u"Keepalived_vrrp"_s, u"one"_s}));
    QCOMPARE(lines[1], (LogEntry{kFrom + 9500ms, {}, u"backup"_s, u"Keepalived_vrrp"_s, u"two"_s}));
    QVERIFY(!node(0).error && !node(1).error && node(1).note.isEmpty());
    QCOMPARE(told.last().at(0).value<MomentLog>(), reader().log());
    // What has been answered is not asked again.
    reader().look(picture);
    QCOMPARE(links_[0]->commands.size(), 1);
}

void LogReaderTest::oneNodeIsOutOfSight() {
    Picture picture = bothUp();
    picture.nodes[0].link = {LinkState::Down,
                             Error{ErrorCode::Unreachable, u"No answer from 192.168.1.85."_s, {}, u"Switch it on."_s}};
    picture.nodes[1].link.state = LinkState::Connecting;
    reader().look(picture);
    reader().read(7, kFrom, kUntil);
    QVERIFY(node(0).error && !node(0).waiting);
    QCOMPARE(node(0).error->text, u"No answer from 192.168.1.85."_s);
    QVERIFY(!node(1).error && node(1).waiting);
    QVERIFY(links_[0]->commands.isEmpty() && links_[1]->commands.isEmpty());
    reader().look(bothUp());
    QVERIFY(!node(0).error && node(0).waiting);
    QTRY_COMPARE(linesOf(reader().log()).size(), 2);
}

void LogReaderTest::anotherSessionAnotherTry() {
    const Error lost{ErrorCode::Unreachable, u"The connection was lost."_s, {}, {}};
    links_[0]->mute = true;
    Picture picture = bothUp();
    reader().look(picture);
    reader().read(7, kFrom, kUntil);
    QTRY_COMPARE(node(1).lines.size(), 1);
    links_[0]->mute = false;
    links_[0]->lose(lost);
    QTRY_VERIFY(node(0).error);
    QCOMPARE(*node(0).error, lost);
    QCOMPARE(node(1).lines.size(), 1);
    // As long as it is the same session the same would come of it.
    reader().look(picture);
    QCOMPARE(links_[0]->commands.size(), 1);
    picture.nodes[0].upSince += 1min;
    reader().look(picture);
    QTRY_COMPARE(node(0).lines.size(), 1);
    QCOMPARE(links_[1]->commands.size(), 1);
}

void LogReaderTest::withoutAClock() {
    Picture picture = bothUp();
    picture.nodes[0].clock = {};
    reader().look(picture);
    reader().read(7, kFrom, kUntil);
    QVERIFY(links_[0]->commands.isEmpty()); // it is about to be known
    picture.nodes[0].clock.unknownBecause = Error{ErrorCode::Protocol, u"It has no date."_s, {}, {}};
    reader().look(picture);
    QTRY_COMPARE(node(0).lines.size(), 1);
    QCOMPARE(node(0).note, u"Its clock is not known: its lines are where its own time puts them."_s);
}

void LogReaderTest::sudoRefuses() {
    links_[0]->root = false;
    links_[0]->answer = [](const Command& command) {
        return command.asRoot ? ExecResult{1, {}, "sudo: a password is required\n"}
                              : ExecResult{0, logOf(said(1795617218'500000, "one")), {}};
    };
    reader().look(bothUp());
    reader().read(7, kFrom, kUntil);
    QTRY_COMPARE(node(0).lines.size(), 1); // as a member of systemd-journal
    QCOMPARE(links_[0]->commands.size(), 2);
}

void LogReaderTest::whatIsRefusedIsToldAndRetried() {
    links_[1]->answer = [](const Command&) {
        return ExecResult{0, "@@past now 1795621177.8 +0000\n@@past none\n\n@@past end\n", {}};
    };
    reader().look(bothUp());
    reader().read(7, kFrom, kUntil);
    QTRY_VERIFY(node(1).error);
    QCOMPARE(node(1).error->code, ErrorCode::Refused);
    QTRY_COMPARE(node(0).lines.size(), 1);
    links_[1]->answer = [](const Command&) { return ExecResult{0, logOf(said(1795617219'500000, "two")), {}}; };
    reader().retry();
    QTRY_COMPARE(node(1).lines.size(), 1);
    QVERIFY(!node(1).error);
    QCOMPARE(links_[0]->commands.size(), 1); // that one had answered
}

void LogReaderTest::aLaterQuestionOvertakes() {
    reader().look(bothUp());
    links_[0]->mute = true;
    for (int id = 1; id <= 20; ++id)
        reader().read(id, kFrom + id * 1min, kUntil + id * 1min);
    QCOMPARE(links_[0]->commands.size(), 1); // one at a time
    links_[0]->mute = false;
    links_[0]->answer = [](const Command&) { return ExecResult{0, logOf(said(1795618418'500000, "newest")), {}}; };
    links_[0]->lose({ErrorCode::TimedOut, u"The first one came to nothing."_s, {}, {}});
    QTRY_COMPARE(node(0).lines.size(), 1);
    QCOMPARE(links_[0]->commands.size(), 2); // the first, and the newest
    QCOMPARE(node(0).lines[0].text, u"newest"_s);
    QCOMPARE(reader().log().failover, 20);
    QVERIFY(!node(0).error);
}

void LogReaderTest::aMomentThatIsNotOver() {
    now_ = kUntil + 900ms;
    reader().look(bothUp());
    reader().read(7, kFrom, kUntil);
    QTRY_COMPARE(node(0).lines.size(), 1);
    now_ = kUntil + 2s;
    links_[0]->answer = [](const Command&) {
        return ExecResult{0, logOf(said(1795617218'500000, "one") + said(1795617249'900000, "late")), {}};
    };
    QTRY_COMPARE(node(0).lines.size(), 2);
    QCOMPARE(links_[0]->commands.size(), 2);
}

void LogReaderTest::nobodyAsked() {
    const QSignalSpy told(&reader(), &LogReader::told);
    reader().look(bothUp());
    reader().retry();
    QVERIFY(links_[0]->commands.isEmpty());
    QVERIFY(told.isEmpty());
}

QTEST_GUILESS_MAIN(LogReaderTest)
#include "log_reader_test.moc"

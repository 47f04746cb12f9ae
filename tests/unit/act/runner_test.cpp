// SPDX-License-Identifier: GPL-3.0-or-later

// Plans carried out on a simulated pair: there and back, and with each fault before, during and after each step. In
// every case the record ends in a true outcome, no instant has two containers running, and the pair serves unless it is
// said that it does not. The table of all cases is printed at the end.

#include "act/runner.h"
#include "simulated_pair.h"

#include <QTest>

#include <cstdio>
#include <span>

using namespace mha;
using namespace Qt::StringLiterals;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

enum class Phase { Before, During, After };
constexpr const char* kPhaseNames[] = {"before", "during", "after"};

struct Style {
    const char* name;
    std::array<SimulatedConfig, 2> (*configs)();
};

constexpr Style kStyles[] = {{"guide", SimulatedPair::guide},
                             {"symmetric", SimulatedPair::symmetric},
                             {"faulting", SimulatedPair::faulting},
                             {"flagged", SimulatedPair::flagged},
                             {"checking ports", SimulatedPair::checkingPorts},
                             {"milvus-ha-node", SimulatedPair::programs}};
constexpr int kGuide = 0;
constexpr int kFlagged = 3;
constexpr int kPorts = 4;
constexpr int kPrograms = 5;
constexpr int kStyleCount = static_cast<int>(std::size(kStyles));

/// Before, during and after each step; the last one has no after.
int momentsOf(int style) {
    const int steps = style == kPorts ? 12 : style == kFlagged ? 10 : style == kPrograms ? 7 : 8;
    return 3 * steps - 1;
}

/// A fault, put into a pair that is being switched from one node to another.
struct Fault {
    const char* name;
    void (*strike)(SimulatedPair& pair, int from, int to);
    bool everyStyle = false; ///< else only with the guide's configuration, with and without the flag
    /// keepalived's end on a node whose Milvus goes on is the recipe's own fault: the other node starts its Milvus
    /// beside it.
    bool recipeRunsTwo = false;
    bool endsOldMilvus = false; ///< by itself, so that a run that is refused leaves it to keepalived
};

void cutLink(SimulatedPair& pair, int node, std::optional<seconds> heal) {
    pair.node(node).linkUp = false;
    if (heal)
        pair.after(*heal, [&pair, node] { pair.node(node).linkUp = true; });
}

constexpr Fault kFaults[] = {
    {"cancel", [](SimulatedPair& p, int, int) { p.requestCancel(); }, true},
    {"link to the old node lost", [](SimulatedPair& p, int from, int) { cutLink(p, from, {}); }, true},
    {"link to the old node lost for 5 s", [](SimulatedPair& p, int from, int) { cutLink(p, from, seconds(5)); }, true},
    {"link to the new node lost", [](SimulatedPair& p, int, int to) { cutLink(p, to, {}); }, true},
    {"link to the new node lost for 5 s", [](SimulatedPair& p, int, int to) { cutLink(p, to, seconds(5)); }, true},
    {"both links lost for 9 s",
     [](SimulatedPair& p, int from, int to) {
         cutLink(p, from, seconds(9));
         cutLink(p, to, seconds(9));
     }},
    {"docker on the old node frozen", [](SimulatedPair& p, int from, int) { p.node(from).dockerFrozen = true; }},
    {"docker on the old node frozen for 9 s",
     [](SimulatedPair& p, int from, int) {
         p.node(from).dockerFrozen = true;
         p.after(seconds(9), [&p, from] { p.node(from).dockerFrozen = false; });
     }},
    {"docker on the new node frozen", [](SimulatedPair& p, int, int to) { p.node(to).dockerFrozen = true; }},
    {"old container ignores the stop", [](SimulatedPair& p, int from, int) { p.node(from).ignoresStop = true; }},
    {"old container hangs in its stop", [](SimulatedPair& p, int from, int) { p.node(from).hangsInStop = true; }},
    {"old container takes 25 s to stop", [](SimulatedPair& p, int from, int) { p.node(from).stopTakes = seconds(25); }},
    {"new container never serves", [](SimulatedPair& p, int, int to) { p.node(to).neverServes = true; }, true},
    {"new container dies at its start", [](SimulatedPair& p, int, int to) { p.node(to).diesAtStart = true; }},
    {"start on the new node refused", [](SimulatedPair& p, int, int to) { p.node(to).startRefused = true; }, true},
    {"cancel, start on the old node refused",
     [](SimulatedPair& p, int from, int) {
         p.node(from).startRefused = true;
         p.requestCancel();
     }},
    {"cancel, new container hangs in its stop",
     [](SimulatedPair& p, int, int to) {
         p.node(to).hangsInStop = true;
         p.requestCancel();
     }},
    {"cancel, new container takes 12 s to stop",
     [](SimulatedPair& p, int, int to) {
         p.node(to).stopTakes = seconds(12);
         p.requestCancel();
     }},
    {"keepalived on the new node ends", [](SimulatedPair& p, int, int to) { p.stopKeepalived(to); }, false, true},
    {"keepalived on the old node ends", [](SimulatedPair& p, int from, int) { p.stopKeepalived(from); }, false, true},
    {"the FAULT flag cannot be set", [](SimulatedPair& p, int from, int) { p.node(from).flagRefused = true; }},
    {"storage lost on the new node", [](SimulatedPair& p, int, int to) { p.node(to).storageLost = true; }},
    {"storage lost on the old node", [](SimulatedPair& p, int from, int) { p.node(from).storageLost = true; }, false,
     false, true},
    {"storage lost on the new node for 9 s",
     [](SimulatedPair& p, int, int to) {
         p.node(to).storageLost = true;
         p.after(seconds(9), [&p, to] { p.node(to).storageLost = false; });
     }},
    {"a second operator has the lock",
     [](SimulatedPair& p, int, int) { p.node(0).lockedBy = p.node(1).lockedBy = u"bob@other"_s; }},
    {"the checks are stuck",
     [](SimulatedPair& p, int from, int to) { p.node(from).checkStuck = p.node(to).checkStuck = true; }},
};

Plan planFor(SimulatedPair& sim, int to) {
    return planSwitchover(sim.picture(), sim.pair(), to);
}

ActionRecord blank() {
    ActionRecord record;
    record.owner = u"operator@desk"_s;
    record.reason = u"test"_s;
    return record;
}

/// Serves on 0 as it comes; for a failback, first brings it to 1 and lets a quiet time pass.
bool prepare(SimulatedPair& sim, bool back) {
    if (!back)
        return true;
    const ActionRecord there = runPlan(planFor(sim, 1), sim.pair(), blank(), sim, {});
    sim.advance(seconds(90));
    sim.forgetOutage();
    return there.outcome == Outcome::Done && sim.servingNode() == 1;
}

/// Strikes once, when step `step` of the record is at `phase`.
class Striker {
public:
    Striker(SimulatedPair& sim, std::function<void()> strike, int step, Phase phase)
        : sim_(sim), strike_(std::move(strike)), step_(step), phase_(phase) {}

    void operator()(const ActionRecord& record) {
        if (struck_ || step_ >= record.steps.size())
            return;
        const StepState state = record.steps.at(step_).state;
        if (phase_ == Phase::After ? state == StepState::Done : state == StepState::Running) {
            struck_ = true;
            if (phase_ == Phase::During) {
                sim_.after(milliseconds(step_ == 5 ? 1500 : step_ < 2 ? 20 : 120), strike_);
            } else {
                strike_();
            }
        }
    }

    bool struck() const { return struck_; }

private:
    SimulatedPair& sim_;
    std::function<void()> strike_;
    int step_;
    Phase phase_;
    bool struck_ = false;
};

QString tableLine(const QString& tag, const ActionRecord& record, int serving) {
    const QString node = serving < 0 ? u"nobody"_s : serving == 0 ? u"master"_s : u"backup"_s;
    const QString outage = record.outage ? QString::number(toSeconds(*record.outage), 'f', 2) : u"-"_s;
    return u"%1 %2 %3 s  serves after 60 s: %4"_s.arg(tag, -76)
        .arg(outcomeName(record.outcome), -12)
        .arg(outage, 7)
        .arg(node);
}

} // namespace

class RunnerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void thereAndBack_data();
    void thereAndBack();
    void fault_data();
    void fault();
    void killed_data();
    void killed();
    void secondOperator();
    void takeoverFromADeadNode();
    void takeoverFromANodeThatServes();
    void changedSinceThePlan();
    void refusedPlan();
    void startedBySomethingElse_data();
    void startedBySomethingElse();
    void progressComesBeforeTheWorldChanges();
    void cleanupTestCase();

private:
    QStringList table_;
};

void RunnerTest::thereAndBack_data() {
    QTest::addColumn<int>("style");
    for (int style = 0; style < kStyleCount; ++style)
        QTest::newRow(kStyles[style].name) << style;
}

void RunnerTest::thereAndBack() {
    QFETCH(int, style);
    SimulatedPair sim(kStyles[style].configs());
    for (int round = 0; round < 10; ++round) {
        for (const int to : {1, 0}) {
            sim.advance(milliseconds(70000 + 130 * round));
            const Plan plan = planFor(sim, -1);
            QVERIFY2(!plan.refused(), qPrintable(plan.refusal()));
            QCOMPARE(plan.to, to);
            QCOMPARE(plan.kind, to == 0 ? u"failback"_s : u"switchover"_s);
            const ActionRecord record = runPlan(plan, sim.pair(), blank(), sim, {});
            QVERIFY2(record.outcome == Outcome::Done, qPrintable(record.text));
            // How long clients waited is a figure of the record: who shows it says it, and so says it once.
            QVERIFY(record.outage.has_value());
            QCOMPARE(record.text, u"Milvus serves on %1."_s.arg(record.to));
            QCOMPARE(sim.servingNode(), to);
            QCOMPARE(sim.runningCount(), 1);
            QCOMPARE(sim.firstStepWithTwoWriters(), -1);
            for (const StepRecord& step : record.steps)
                QCOMPARE(step.state, StepState::Done);
            if (round == 0) {
                table_ += tableLine(u"%1, to %2"_s.arg(QLatin1String(kStyles[style].name), record.to), record,
                                    sim.servingNode());
            }
        }
    }
}

void RunnerTest::fault_data() {
    QTest::addColumn<int>("style");
    QTest::addColumn<bool>("back");
    QTest::addColumn<int>("fault");
    QTest::addColumn<int>("step");
    QTest::addColumn<int>("phase");
    for (int style = 0; style < kStyleCount; ++style) {
        for (const bool back : {false, true}) {
            for (int fault = 0; fault < static_cast<int>(std::size(kFaults)); ++fault) {
                if (style != kGuide && style != kFlagged && style != kPorts && !kFaults[fault].everyStyle)
                    continue;
                if (style == kPorts && back) // both ways are the same there
                    continue;
                for (int at = 0; at < momentsOf(style); ++at) {
                    QTest::addRow("%s, to %s: %s, %s step %d", kStyles[style].name, back ? "master" : "backup",
                                  kFaults[fault].name, kPhaseNames[at % 3], at / 3 + 1)
                        << style << back << fault << at / 3 << at % 3;
                }
            }
        }
    }
}

void RunnerTest::fault() {
    QFETCH(int, style);
    QFETCH(bool, back);
    QFETCH(int, fault);
    QFETCH(int, step);
    QFETCH(int, phase);
    SimulatedPair sim(kStyles[style].configs());
    QVERIFY(prepare(sim, back));
    const int from = back ? 1 : 0;
    Striker striker(sim, [&] { kFaults[fault].strike(sim, from, 1 - from); }, step, static_cast<Phase>(phase));
    const ActionRecord record = runPlan(planFor(sim, 1 - from), sim.pair(), blank(), sim, std::ref(striker));
    const int serving = sim.servingNode();
    const int running = sim.runningCount();
    sim.advance(seconds(60));
    // What never ends, and what the recipe then does of its own: beside it the standby's script starts Milvus.
    const bool hangs = style == kPorts && QLatin1String(kFaults[fault].name).contains("hangs"_L1);
    const bool twoSoFar = sim.firstStepWithTwoWriters() >= 0;
    // No flag outlives its timer, whatever happened.
    for (const int node : {0, 1}) {
        if (const auto expires = sim.node(node).flagExpires)
            sim.advance(*expires - sim.now() + seconds(30));
    }
    QVERIFY(!sim.node(0).flagUp && !sim.node(1).flagUp);
    table_ += tableLine(QLatin1String(QTest::currentDataTag()), record, sim.servingNode());

    QVERIFY2(!hangs || !twoSoFar, "while the flag was up");
    if (!kFaults[fault].recipeRunsTwo && !hangs) {
        QVERIFY2(sim.firstStepWithTwoWriters() < 0,
                 qPrintable(u"two writers at %1 ms"_s.arg(sim.firstStepWithTwoWriters())));
    }
    // Refused, so that what is there then is the recipe's doing alone.
    const bool recipesDoing =
        (kFaults[fault].recipeRunsTwo || kFaults[fault].endsOldMilvus) && record.outcome == Outcome::Refused;
    if (!recipesDoing && !hangs)
        QVERIFY2(running <= 1 && sim.runningCount() <= 1, qPrintable(record.text));
    QVERIFY(!sim.startedBesideTheOther());
    QVERIFY(record.endedAt.has_value());
    QVERIFY(!record.text.isEmpty());
    for (const StepRecord& s : record.steps)
        QVERIFY(s.state != StepState::Running && s.state != StepState::Waiting);
    switch (record.outcome) {
    case Outcome::Done:
        QCOMPARE(serving, 1 - from);
        QCOMPARE(running, 1);
        break;
    case Outcome::RolledBack:
        QCOMPARE(serving, from);
        QCOMPARE(running, 1);
        break;
    case Outcome::Incomplete:
        break;
    case Outcome::Refused:
        if (!recipesDoing)
            QCOMPARE(serving, from);
        break;
    case Outcome::Running:
    case Outcome::Interrupted:
        QFAIL(qPrintable(outcomeName(record.outcome)));
    }
    if (record.outcome == Outcome::Done || record.outcome == Outcome::RolledBack)
        QVERIFY2(sim.servingNode() >= 0, qPrintable(record.text));
    // A fault that heals by itself, or a cancel, must never leave the pair half-way.
    const QLatin1String name(kFaults[fault].name);
    if (name == "cancel"_L1 || name.contains("for 5 s"_L1) || name.contains("for 9 s"_L1))
        QVERIFY2(record.outcome != Outcome::Incomplete, qPrintable(record.text));
}

void RunnerTest::killed_data() {
    QTest::addColumn<int>("style");
    QTest::addColumn<bool>("resume");
    QTest::addColumn<int>("step");
    QTest::addColumn<int>("phase");
    QTest::addColumn<int>("waits");
    for (int style = 0; style < kStyleCount; ++style) {
        for (const bool resume : {true, false}) {
            for (const int waits : {1, 30}) {
                for (int at = 0; at < momentsOf(style); ++at) {
                    // The hand-over goes on in the node's own program; here it would die with the desktop.
                    if (style == kPrograms && at / 3 == 2 && at % 3 == static_cast<int>(Phase::During))
                        continue;
                    QTest::addRow("%s: killed %s step %d, %s %d s later", kStyles[style].name, kPhaseNames[at % 3],
                                  at / 3 + 1, resume ? "resumed" : "undone", waits)
                        << style << resume << at / 3 << at % 3 << waits;
                }
            }
        }
    }
}

/// The desktop dies in mid-run. The operator comes back and either goes on to the new node or back to the old one.
void RunnerTest::killed() {
    QFETCH(int, style);
    QFETCH(bool, resume);
    QFETCH(int, step);
    QFETCH(int, phase);
    QFETCH(int, waits);

    struct Killed {};

    SimulatedPair sim(kStyles[style].configs());
    Striker striker(sim, [] { throw Killed{}; }, step, static_cast<Phase>(phase));
    ActionRecord record;
    bool died = false;
    try {
        record = runPlan(planFor(sim, 1), sim.pair(), blank(), sim, std::ref(striker));
    } catch (const Killed&) {
        died = true;
    }
    QVERIFY(died || !striker.struck() || static_cast<Phase>(phase) == Phase::During);
    sim.advance(seconds(waits));
    const int to = resume ? 1 : 0;
    for (int attempt = 0; attempt < 20; ++attempt) {
        // As the operator would: a takeover, or a switchover where the plan says that this is the way.
        Plan plan = planTakeover(sim.picture(), sim.pair(), to);
        if (plan.refused())
            plan = planSwitchover(sim.picture(), sim.pair(), to);
        record = runPlan(plan, sim.pair(), blank(), sim, {});
        if (record.outcome == Outcome::Done || sim.servingNode() == to)
            break;
        sim.advance(seconds(5));
    }
    const int serving = sim.servingNode();
    sim.advance(seconds(240));
    table_ += tableLine(QLatin1String(QTest::currentDataTag()), record, sim.servingNode());
    QVERIFY2(serving == to, qPrintable(record.text));
    QCOMPARE(sim.runningCount(), 1);
    QVERIFY(!sim.node(0).flagUp && !sim.node(1).flagUp);
    QVERIFY(sim.servingNode() >= 0);
    QCOMPARE(sim.firstStepWithTwoWriters(), -1);
    QVERIFY(!sim.startedBesideTheOther());
}

void RunnerTest::secondOperator() {
    SimulatedPair sim(SimulatedPair::guide());
    sim.node(1).lockedBy = u"bob@other"_s;
    const ActionRecord record = runPlan(planFor(sim, 1), sim.pair(), blank(), sim, {});
    QCOMPARE(record.outcome, Outcome::Refused);
    QVERIFY2(record.text.contains(u"bob@other"), qPrintable(record.text));
    QCOMPARE(sim.servingNode(), 0);
    QVERIFY2(sim.node(0).lockedBy.isEmpty(), "what was taken is given back");
    QCOMPARE(sim.node(1).lockedBy, u"bob@other"_s);
}

void RunnerTest::takeoverFromADeadNode() {
    SimulatedPair sim(SimulatedPair::faulting());
    sim.node(1).startRefused = true; // keepalived's own script fails, so that nobody serves
    sim.stopKeepalived(0);
    sim.node(0).runs = false;
    sim.node(0).linkUp = false;
    sim.advance(seconds(30));
    QCOMPARE(sim.servingNode(), -1);
    sim.node(1).startRefused = false;
    const Plan plan = planTakeover(sim.picture(), sim.pair(), 1);
    QVERIFY2(!plan.refused(), qPrintable(plan.refusal()));
    QVERIFY(plan.withoutProof);
    const ActionRecord record = runPlan(plan, sim.pair(), blank(), sim, {});
    QVERIFY2(record.outcome == Outcome::Done, qPrintable(record.text));
    QCOMPARE(sim.servingNode(), 1);
    // Seen again in between: what was agreed to no longer holds.
    sim.node(0).linkUp = true;
    sim.advance(seconds(1));
    QCOMPARE(runPlan(plan, sim.pair(), blank(), sim, {}).outcome, Outcome::Refused);
}

void RunnerTest::takeoverFromANodeThatServes() {
    SimulatedPair sim(SimulatedPair::guide());
    QVERIFY2(planTakeover(sim.picture(), sim.pair(), 1).refusal().contains(u"switchover"), "it can be undone");
    sim.node(0).linkUp = false;
    sim.advance(seconds(5));
    const Plan plan = planTakeover(sim.picture(), sim.pair(), 1);
    QVERIFY2(plan.refused(), "it serves, and is only out of our sight");
    QVERIFY2(plan.refusal().contains(u"answers through the VIP"), qPrintable(plan.refusal()));
}

void RunnerTest::changedSinceThePlan() {
    SimulatedPair sim(SimulatedPair::guide());
    const Plan plan = planFor(sim, 1);
    QVERIFY(!plan.refused());
    sim.node(1).linkUp = false;
    sim.advance(seconds(1));
    const ActionRecord record = runPlan(plan, sim.pair(), blank(), sim, {});
    QCOMPARE(record.outcome, Outcome::Refused);
    QVERIFY2(record.text.contains(u"backup"), qPrintable(record.text));
    QCOMPARE(sim.servingNode(), 0);
}

void RunnerTest::refusedPlan() {
    SimulatedPair sim(SimulatedPair::guide());
    const Plan plan = planFor(sim, 0);
    QVERIFY(plan.refused());
    const ActionRecord record = runPlan(plan, sim.pair(), blank(), sim, {});
    QCOMPARE(record.outcome, Outcome::Refused);
    QCOMPARE(record.text, plan.refusal());
    QVERIFY(!record.outage);
}

void RunnerTest::startedBySomethingElse_data() {
    QTest::addColumn<int>("step");
    QTest::addColumn<int>("times");
    QTest::addColumn<Outcome>("outcome");
    QTest::newRow("once while the VIP is awaited") << 5 << 1 << Outcome::Done;
    QTest::newRow("once in the end") << 7 << 1 << Outcome::Done;
}

/// Somebody starts the old node's Milvus in mid-run: it is stopped at once, said in the record, and the run goes on.
void RunnerTest::startedBySomethingElse() {
    QFETCH(int, step);
    QFETCH(Outcome, outcome);
    SimulatedPair sim(SimulatedPair::guide());
    Striker striker(sim, [&] { sim.dockerStart(0); }, step, Phase::Before);
    const ActionRecord record = runPlan(planFor(sim, 1), sim.pair(), blank(), sim, std::ref(striker));
    QVERIFY(striker.struck());
    QVERIFY2(record.outcome == outcome, qPrintable(record.text));
    QVERIFY2(record.steps.at(step).detail.contains(u"started by something else"),
             qPrintable(record.steps.at(step).detail));
    QCOMPARE(sim.runningCount(), 1);
    QCOMPARE(sim.servingNode(), 1);
}

void RunnerTest::progressComesBeforeTheWorldChanges() {
    SimulatedPair sim(SimulatedPair::guide());
    bool toldBeforeStop = false;
    const auto progress = [&](const ActionRecord& record) {
        if (record.steps.at(2).state == StepState::Running)
            toldBeforeStop = sim.node(0).runs && !sim.node(0).stopping;
    };
    const ActionRecord record = runPlan(planFor(sim, 1), sim.pair(), blank(), sim, progress);
    QCOMPARE(record.outcome, Outcome::Done);
    QVERIFY(toldBeforeStop);
}

void RunnerTest::cleanupTestCase() {
    for (const QString& line : std::as_const(table_))
        std::fprintf(stdout, "%s\n", qPrintable(line));
}

QTEST_GUILESS_MAIN(RunnerTest)
#include "runner_test.moc"

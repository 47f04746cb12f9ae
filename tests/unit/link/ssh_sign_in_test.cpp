// SPDX-License-Identifier: GPL-3.0-or-later
#include "link_probe.h"
#include "test_sshd.h"

#include <QElapsedTimer>
#include <QLocalServer>
#include <QLocalSocket>
#include <QTcpServer>
#include <QTcpSocket>
#include <QtTest>

#include <csignal>

using namespace mha;
using namespace mha::test;
using namespace std::chrono_literals;

namespace {

const QString kPassphrase = QStringLiteral("correct horse battery");
const QString kPassword = QStringLiteral("staple tr0ub4dor");

/// What a person would answer, and what they were asked.
struct Person {
    std::optional<QString> passphrase;
    std::optional<QString> password;
    bool acceptsHostKey = false;
    QStringList asked;

    SshPrompts prompts() {
        return {
            .acceptHostKey =
                [this](const QString& node, const QString& host, const QString& fingerprint) {
                    asked +=
                        QStringLiteral("host key ") + node + QLatin1Char(' ') + host + QLatin1Char(' ') + fingerprint;
                    return acceptsHostKey;
                },
            .passphrase =
                [this](const QString& node, const QString& file) {
                    asked += QStringLiteral("passphrase ") + node + QLatin1Char(' ') + file;
                    return passphrase;
                },
            .password =
                [this](const QString& node, const QString& user) {
                    asked += QStringLiteral("password ") + node + QLatin1Char(' ') + user;
                    return password;
                },
        };
    }
};

QByteArray programOutput(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.start(program, arguments);
    process.waitForFinished(20000);
    return process.readAllStandardOutput().trimmed();
}

} // namespace

/// From the first byte to the first command: host keys, sign-in, and each way it fails.
class SshSignInTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void hostKeys_data();
    void hostKeys();
    void hostKeysThatCannotBeRead();
    void acceptedHostKeyIsKept();
    void hostKeyThatCannotBeKept();
    void keyFiles_data();
    void keyFiles();
    void passwords_data();
    void passwords();
    void keyAndPassword();
    void agent_data();
    void agent();
    void defaultKey();
    void agentThatNeverAnswersDoesNotHoldUpStop();
    void promptThatWaitsDoesNotHoldUpStop();
    void userWithoutAShell();
    void secretsAreKeptForReconnection();
    void unreachable_data();
    void unreachable();
    void handshakes_data();
    void handshakes();

private:
    std::optional<LinkProbe::Seen> attempt(const NodeConfig& node, SshOptions options);
    QString fingerprint(const QString& name) const;

    TestSshd sshd_;
    QTemporaryDir home_;
};

std::optional<LinkProbe::Seen> SshSignInTest::attempt(const NodeConfig& node, SshOptions options) {
    options.reconnect = false;
    SshLink link(node, options);
    LinkProbe probe(link);
    link.start();
    const auto seen = probe.settled();
    if (seen && seen->link.error) {
        // An error is for an operator: what, where and what to do, and no secret.
        const Error& error = *seen->link.error;
        const QString all = toSentence(error);
        if (error.text.isEmpty() || error.where != node.name || error.remedy.isEmpty() ||
            !error.text.endsWith(QLatin1Char('.')))
            qWarning().noquote() << "not a sentence with a remedy:" << all;
        if (all.contains(kPassphrase) || all.contains(kPassword))
            qFatal("a secret in an error");
        const auto result = execAndWait(link, {.argv = {QStringLiteral("true")}}, 5s);
        if (result || result.error() != error)
            qWarning() << "exec on the failed link did not say the same";
    }
    return seen;
}

QString SshSignInTest::fingerprint(const QString& name) const {
    const QByteArray line =
        programOutput(QStringLiteral("ssh-keygen"), {QStringLiteral("-lf"), sshd_.path(name + QStringLiteral(".pub"))});
    return QString::fromLatin1(line.split(' ').value(1));
}

void SshSignInTest::initTestCase() {
    if (const QString why = TestSshd::missing(); !why.isEmpty())
        QSKIP(qPrintable(why));
    TestSshd::Setup setup;
    setup.password = kPassword;
    QVERIFY(sshd_.start(setup));
    QVERIFY(sshd_.makeKey(QStringLiteral("other_host"), {}, false));
    QVERIFY(sshd_.makeKey(QStringLiteral("stranger"), {}, false));
    QVERIFY(sshd_.makeKey(QStringLiteral("locked"), kPassphrase, true));
    QVERIFY(sshd_.writeFile(QStringLiteral("no_key"), "this is not a key\n"));
    QVERIFY(
        QProcess::execute(QStringLiteral("ssh-keygen"),
                          {QStringLiteral("-q"), QStringLiteral("-t"), QStringLiteral("rsa"), QStringLiteral("-b"),
                           QStringLiteral("2048"), QStringLiteral("-m"), QStringLiteral("PEM"), QStringLiteral("-N"),
                           kPassphrase, QStringLiteral("-f"), sshd_.path(QStringLiteral("locked_pem"))}) == 0);
    QVERIFY(
        QProcess::execute(QStringLiteral("ssh-keygen"),
                          {QStringLiteral("-q"), QStringLiteral("-t"), QStringLiteral("ecdsa"), QStringLiteral("-N"),
                           QString(), QStringLiteral("-f"), sshd_.path(QStringLiteral("ecdsa_host"))}) == 0);
    QVERIFY(sshd_.authorize(QStringLiteral("locked_pem")));
}

void SshSignInTest::init() {
    qunsetenv("SSH_AUTH_SOCK");
    qputenv("HOME", QFile::encodeName(home_.path())); // no key of this machine's user
}

void SshSignInTest::hostKeys_data() {
    QTest::addColumn<QByteArray>("knownHosts");
    QTest::addColumn<int>("policy");
    QTest::addColumn<bool>("accepts");
    QTest::addColumn<QString>("code"); // empty: signs in
    QTest::addColumn<int>("asked");
    const QByteArray good = sshd_.knownHostsLine(QStringLiteral("host"));
    const QByteArray changed = sshd_.knownHostsLine(QStringLiteral("other_host"));
    const QByteArray otherType = sshd_.knownHostsLine(QStringLiteral("ecdsa_host"));
    sshd_.writeFile(QStringLiteral("hashed"), good);
    programOutput(QStringLiteral("ssh-keygen"), {QStringLiteral("-q"), QStringLiteral("-H"), QStringLiteral("-f"),
                                                 sshd_.path(QStringLiteral("hashed"))});
    QFile hashedFile(sshd_.path(QStringLiteral("hashed")));
    QVERIFY(hashedFile.open(QIODevice::ReadOnly));
    const QByteArray hashed = hashedFile.readAll();
    QVERIFY(hashed.startsWith("|1|"));
    const QByteArray stranger = "somewhere.example " + good.mid(good.indexOf(' ') + 1);

    const auto row = [](const char* name, const QByteArray& file, HostKeyPolicy policy, bool accepts, const char* code,
                        int asked = 0) {
        QTest::newRow(name) << file << static_cast<int>(policy) << accepts << QString::fromLatin1(code) << asked;
    };
    using enum HostKeyPolicy;
    row("known", good, RefuseUnknown, false, "");
    row("known, hashed", hashed, RefuseUnknown, false, "");
    row("known among others", "# comment\n\ngarbage\n" + stranger + good, RefuseUnknown, false, "");
    row("unknown, refuse", {}, RefuseUnknown, true, "host-key-unknown");
    row("unknown among others", stranger, RefuseUnknown, true, "host-key-unknown");
    row("unknown, accept new", {}, AcceptNew, false, "");
    row("unknown, person accepts", {}, Ask, true, "", 1);
    row("unknown, person declines", {}, Ask, false, "host-key-unknown", 1);
    row("known, ask", good, Ask, false, "");
    row("changed, refuse", changed, RefuseUnknown, true, "host-key-changed");
    row("changed, accept new", changed, AcceptNew, true, "host-key-changed");
    row("changed, ask", changed, Ask, true, "host-key-changed");
    row("known by another type", otherType, AcceptNew, true, "host-key-changed");
}

void SshSignInTest::hostKeys() {
    QFETCH(QByteArray, knownHosts);
    QFETCH(int, policy);
    QFETCH(bool, accepts);
    QFETCH(QString, code);
    QFETCH(int, asked);
    QVERIFY(sshd_.writeFile(QStringLiteral("hosts"), knownHosts));
    Person person;
    person.acceptsHostKey = accepts;
    SshOptions options = sshd_.options();
    options.hostKeys = static_cast<HostKeyPolicy>(policy);
    options.knownHosts = sshd_.path(QStringLiteral("hosts"));
    options.prompts = person.prompts();
    const auto seen = attempt(sshd_.node(), options);
    QVERIFY(seen);
    QCOMPARE(person.asked.size(), asked);
    if (asked != 0) {
        QCOMPARE(person.asked.first(),
                 QStringLiteral("host key node 127.0.0.1 ") + fingerprint(QStringLiteral("host")));
    }
    if (code.isEmpty()) {
        QVERIFY2(seen->link.state == LinkState::Up, qPrintable(toSentence(seen->link.error.value_or(Error{}))));
        return;
    }
    QCOMPARE(linkStateName(seen->link.state), QStringLiteral("refused"));
    const Error& error = *seen->link.error;
    QCOMPARE(errorCodeName(error.code), code);
    QVERIFY2(error.text.contains(fingerprint(QStringLiteral("host"))), qPrintable(error.text));
    if (code == QLatin1String("host-key-changed")) {
        const bool isOtherType = knownHosts.contains("ecdsa");
        QVERIFY(error.text.contains(
            fingerprint(isOtherType ? QStringLiteral("ecdsa_host") : QStringLiteral("other_host"))));
        QVERIFY2(error.remedy.contains(QStringLiteral("-R \"[127.0.0.1]:%1\"").arg(sshd_.port())),
                 qPrintable(error.remedy));
    } else if (asked == 0) {
        QVERIFY2(error.remedy.contains(QLatin1String("--accept-new")), qPrintable(error.remedy));
        QVERIFY2(error.remedy.contains(QStringLiteral("ssh-keyscan -p %1").arg(sshd_.port())),
                 qPrintable(error.remedy));
    }
    QFile file(sshd_.path(QStringLiteral("hosts")));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), knownHosts); // nothing was written
}

void SshSignInTest::hostKeysThatCannotBeRead() {
    QVERIFY(QDir().mkpath(sshd_.path(QStringLiteral("a_folder"))));
    SshOptions options = sshd_.options();
    options.knownHosts = sshd_.path(QStringLiteral("a_folder"));
    options.hostKeys = HostKeyPolicy::AcceptNew;
    const auto seen = attempt(sshd_.node(), options);
    QVERIFY(seen);
    QCOMPARE(linkStateName(seen->link.state), QStringLiteral("refused"));
    const Error& error = *seen->link.error;
    QVERIFY2(error.text.contains(options.knownHosts), qPrintable(error.text));
    QVERIFY2(error.text.contains(QLatin1String("it is a folder")), qPrintable(error.text));
}

void SshSignInTest::acceptedHostKeyIsKept() {
    SshOptions options = sshd_.options();
    options.knownHosts = sshd_.path(QStringLiteral("new/deep/hosts"));
    options.hostKeys = HostKeyPolicy::AcceptNew;
    auto seen = attempt(sshd_.node(), options);
    QVERIFY(seen && seen->link.state == LinkState::Up);
    options.hostKeys = HostKeyPolicy::RefuseUnknown;
    seen = attempt(sshd_.node(), options);
    QVERIFY(seen && seen->link.state == LinkState::Up);
    QVERIFY(programOutput(QStringLiteral("ssh-keygen"),
                          {QStringLiteral("-F"), QStringLiteral("[127.0.0.1]:%1").arg(sshd_.port()),
                           QStringLiteral("-f"), options.knownHosts})
                .contains("found"));
}

void SshSignInTest::hostKeyThatCannotBeKept() {
    SshOptions options = sshd_.options();
    options.knownHosts = sshd_.path(QStringLiteral("no_key/hosts")); // below a file
    options.hostKeys = HostKeyPolicy::AcceptNew;
    const auto seen = attempt(sshd_.node(), options);
    QVERIFY(seen && seen->link.state == LinkState::Refused);
    QVERIFY2(seen->link.error->text.contains(options.knownHosts), qPrintable(seen->link.error->text));
}

void SshSignInTest::keyFiles_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("passphrase"); // "-": not given; empty: nobody to ask
    QTest::addColumn<QString>("words");      // empty: signs in
    QTest::addColumn<int>("asked");
    const auto row = [](const char* name, const char* file, const QString& passphrase, const char* words, int asked) {
        QTest::newRow(name) << QString::fromLatin1(file) << passphrase << QString::fromLatin1(words) << asked;
    };
    row("right key", "client", {}, "", 0);
    row("wrong key", "stranger", {}, "Tried: the key", 0);
    row("no such file", "nowhere", {}, "does not exist", 0);
    row("a folder", ".", {}, "is a folder", 0);
    row("no key in it", "no_key", {}, "is not a private key", 0);
    row("the public half", "client.pub", {}, "is not a private key", 0);
    row("passphrase right", "locked", kPassphrase, "", 1);
    row("passphrase wrong", "locked", QStringLiteral("wrong"), "does not open the key file", 1);
    row("passphrase not given", "locked", QStringLiteral("-"), "needs a passphrase", 1);
    row("passphrase, nobody to ask", "locked", {}, "needs a passphrase", 0);
    row("PEM, passphrase right", "locked_pem", kPassphrase, "", 1);
    row("PEM, passphrase wrong", "locked_pem", QStringLiteral("wrong"), "does not open the key file", 1);
    row("PEM, passphrase not given", "locked_pem", QStringLiteral("-"), "needs a passphrase", 1);
}

void SshSignInTest::keyFiles() {
    QFETCH(QString, file);
    QFETCH(QString, passphrase);
    QFETCH(QString, words);
    QFETCH(int, asked);
    Person person;
    if (passphrase != QLatin1String("-"))
        person.passphrase = passphrase;
    SshOptions options = sshd_.options();
    if (!passphrase.isEmpty())
        options.prompts.passphrase = person.prompts().passphrase;
    NodeConfig node = sshd_.node();
    node.identity = sshd_.path(file);
    const auto seen = attempt(node, options);
    QVERIFY(seen);
    QCOMPARE(person.asked.size(), asked);
    if (asked != 0)
        QCOMPARE(person.asked.first(), QStringLiteral("passphrase node ") + node.identity);
    if (words.isEmpty()) {
        QVERIFY2(seen->link.state == LinkState::Up, qPrintable(toSentence(seen->link.error.value_or(Error{}))));
        return;
    }
    QCOMPARE(linkStateName(seen->link.state), QStringLiteral("refused"));
    QCOMPARE(errorCodeName(seen->link.error->code), QStringLiteral("refused"));
    QVERIFY2(seen->link.error->text.contains(words), qPrintable(seen->link.error->text));
    QVERIFY2(seen->link.error->text.contains(node.identity), qPrintable(seen->link.error->text));
}

void SshSignInTest::passwords_data() {
    QTest::addColumn<bool>("keyboardOnly");
    QTest::addColumn<QString>("password"); // "-": not given
    QTest::addColumn<QString>("words");
    for (const bool keyboardOnly : {false, true}) {
        const char* const kind = keyboardOnly ? "keyboard-interactive" : "password";
        QTest::addRow("%s right", kind) << keyboardOnly << kPassword << QString();
        QTest::addRow("%s wrong", kind) << keyboardOnly << QStringLiteral("wrong") << QStringLiteral("a password");
        QTest::addRow("%s not given", kind) << keyboardOnly << QStringLiteral("-") << QString::fromLatin1(kind);
    }
}

void SshSignInTest::passwords() {
    QFETCH(bool, keyboardOnly);
    QFETCH(QString, password);
    QFETCH(QString, words);
    TestSshd server;
    TestSshd::Setup setup;
    setup.password = kPassword;
    setup.keyboardOnly = keyboardOnly;
    QVERIFY(server.start(setup));
    Person person;
    if (password != QLatin1String("-"))
        person.password = password;
    SshOptions options = server.options();
    options.prompts = person.prompts();
    NodeConfig node = server.node(QStringLiteral("tester"));
    node.identity.clear();
    const auto seen = attempt(node, options);
    QVERIFY(seen);
    QCOMPARE(person.asked, QStringList{QStringLiteral("password node tester")});
    if (words.isEmpty()) {
        QVERIFY2(seen->link.state == LinkState::Up, qPrintable(toSentence(seen->link.error.value_or(Error{}))));
        return;
    }
    QCOMPARE(linkStateName(seen->link.state), QStringLiteral("refused"));
    QVERIFY2(seen->link.error->text.contains(words), qPrintable(seen->link.error->text));
}

void SshSignInTest::keyAndPassword() {
    TestSshd server;
    TestSshd::Setup setup;
    setup.password = kPassword;
    setup.config = {QStringLiteral("AuthenticationMethods publickey,password")};
    QVERIFY(server.start(setup));
    Person person;
    person.password = kPassword;
    SshOptions options = server.options();
    options.prompts = person.prompts();
    const auto seen = attempt(server.node(QStringLiteral("tester")), options);
    QVERIFY(seen);
    QVERIFY2(seen->link.state == LinkState::Up, qPrintable(toSentence(seen->link.error.value_or(Error{}))));
}

void SshSignInTest::agent_data() {
    QTest::addColumn<QStringList>("keys");
    QTest::addColumn<QString>("identity");
    QTest::addColumn<QString>("words");
    QStringList many;
    for (int i = 0; i < 8; ++i)
        many += QStringLiteral("many%1").arg(i);
    QTest::newRow("has the key") << QStringList{QStringLiteral("client")} << QString() << QString();
    QTest::newRow("has it as second") << QStringList{QStringLiteral("stranger"), QStringLiteral("client")} << QString()
                                      << QString();
    QTest::newRow("has another, the file is right")
        << QStringList{QStringLiteral("stranger")} << QStringLiteral("client") << QString();
    QTest::newRow("has it, the file is missing")
        << QStringList{QStringLiteral("client")} << QStringLiteral("nowhere") << QString();
    QTest::newRow("has another only") << QStringList{QStringLiteral("stranger")} << QString()
                                      << QStringLiteral("the keys of the agent");
    QTest::newRow("is empty") << QStringList() << QString() << QStringLiteral("was refused");
    QTest::newRow("has too many, the file is right") << many << QStringLiteral("client") << QString();
    QTest::newRow("has too many") << many << QString() << QStringLiteral("more keys than the server lets one try");
}

void SshSignInTest::agent() {
    QFETCH(QStringList, keys);
    QFETCH(QString, identity);
    QFETCH(QString, words);
    const QString socket = home_.filePath(QStringLiteral("agent"));
    QFile::remove(socket);
    QProcess process;
    process.start(QStringLiteral("ssh-agent"), {QStringLiteral("-D"), QStringLiteral("-a"), socket});
    QTRY_VERIFY(QFile::exists(socket));
    qputenv("SSH_AUTH_SOCK", QFile::encodeName(socket));
    for (const QString& key : keys) {
        if (!QFile::exists(sshd_.path(key)))
            QVERIFY(sshd_.makeKey(key, {}, false));
        QProcess add;
        add.start(QStringLiteral("ssh-add"), {QStringLiteral("-q"), sshd_.path(key)});
        QVERIFY(add.waitForFinished() && add.exitCode() == 0);
    }
    NodeConfig node = sshd_.node();
    node.identity = identity.isEmpty() ? QString() : sshd_.path(identity);
    SshOptions options = sshd_.options();
    options.reconnect = true;
    SshLink link(node, options);
    LinkProbe probe(link);
    link.start();
    const auto seen = words.isEmpty() ? probe.wait(LinkState::Up) : probe.wait(LinkState::Refused);
    QVERIFY(seen);
    if (!words.isEmpty())
        QVERIFY2(seen->link.error->text.contains(words), qPrintable(seen->link.error->text));
    link.stop();
    process.kill();
    process.waitForFinished();
}

void SshSignInTest::defaultKey() {
    QVERIFY(QDir(home_.path()).mkpath(QStringLiteral(".ssh")));
    const QString file = home_.filePath(QStringLiteral(".ssh/id_ed25519"));
    QVERIFY(QFile::copy(sshd_.key(), file));
    NodeConfig node = sshd_.node();
    node.identity.clear();
    auto seen = attempt(node, sshd_.options());
    QVERIFY2(seen && seen->link.state == LinkState::Up, seen ? qPrintable(toSentence(*seen->link.error)) : "");
    node.identity = QStringLiteral("~/.ssh/id_ed25519");
    seen = attempt(node, sshd_.options());
    QVERIFY(seen && seen->link.state == LinkState::Up);
    QVERIFY(QFile::remove(file));
}

void SshSignInTest::agentThatNeverAnswersDoesNotHoldUpStop() {
    QLocalServer mute;
    QVERIFY(mute.listen(home_.filePath(QStringLiteral("mute"))));
    qputenv("SSH_AUTH_SOCK", QFile::encodeName(mute.fullServerName()));
    SshLink link(sshd_.node(), sshd_.options());
    LinkProbe probe(link);
    link.start();
    QVERIFY(mute.waitForNewConnection(10000)); // it asks the agent now
    QLocalSocket* const asked = mute.nextPendingConnection();
    QVERIFY(asked->waitForReadyRead(10000));
    QElapsedTimer clock;
    clock.start();
    link.stop();
    QVERIFY2(clock.elapsed() < 2000, qPrintable(QString::number(clock.elapsed())));
    QVERIFY(!probe.wait(LinkState::Up, 0ms));
}

void SshSignInTest::promptThatWaitsDoesNotHoldUpStop() {
    const auto asked = std::make_shared<Arrival>();
    const auto answered = std::make_shared<Arrival>();
    const auto returned = std::make_shared<Arrival>();
    std::atomic<int> toldAfter = 0;
    {
        SshOptions options = sshd_.options();
        options.prompts.passphrase = [asked, answered, returned](const QString&,
                                                                 const QString&) -> std::optional<QString> {
            asked->arrive();
            answered->wait(30s);
            returned->arrive();
            return kPassphrase;
        };
        NodeConfig node = sshd_.node();
        node.identity = sshd_.path(QStringLiteral("locked"));
        SshLink link(node, options);
        link.start();
        QVERIFY(asked->wait(20s));
        connect(&link, &Link::stateChanged, this, [&] { ++toldAfter; }, Qt::DirectConnection);
        QElapsedTimer clock;
        clock.start();
        link.stop();
        QVERIFY2(clock.elapsed() < 2000, qPrintable(QString::number(clock.elapsed())));
    }
    answered->arrive(); // the person answers a program that has gone on
    QVERIFY(returned->wait(5s));
    QCOMPARE(toldAfter.load(), 0);
}

void SshSignInTest::userWithoutAShell() {
    const auto seen = attempt(sshd_.node(QStringLiteral("nologin")), sshd_.options());
    QVERIFY(seen && seen->link.state == LinkState::Refused);
    QVERIFY2(seen->link.error->text.contains(QLatin1String("may sign in but not run commands")),
             qPrintable(seen->link.error->text));
}

void SshSignInTest::secretsAreKeptForReconnection() {
    Person person;
    person.passphrase = kPassphrase;
    SshOptions options = sshd_.options();
    options.prompts = person.prompts();
    NodeConfig node = sshd_.node();
    node.identity = sshd_.path(QStringLiteral("locked"));
    SshLink link(node, options);
    LinkProbe probe(link);
    link.start();
    QVERIFY(probe.wait(LinkState::Up));
    const qsizetype before = probe.count();
    sshd_.signalSessions(SIGKILL);
    QVERIFY(probe.wait(LinkState::Down, 20s, before));
    QVERIFY(probe.wait(LinkState::Up, 20s, before));
    link.stop();
    QCOMPARE(person.asked.size(), 1);
}

void SshSignInTest::unreachable_data() {
    QTest::addColumn<QString>("host");
    QTest::addColumn<int>("port");
    QTest::addColumn<QString>("words");
    QTest::newRow("nothing listens") << QStringLiteral("127.0.0.1") << 1
                                     << QStringLiteral("nothing listens on 127.0.0.1 port 1");
    QTest::newRow("no such name") << QStringLiteral("no-such-host.invalid") << 22
                                  << QStringLiteral("\"no-such-host.invalid\" cannot be resolved");
    QTest::newRow("no name") << QString() << 22 << QString();
}

void SshSignInTest::unreachable() {
    QFETCH(QString, host);
    QFETCH(int, port);
    QFETCH(QString, words);
    NodeConfig node = sshd_.node();
    node.host = host;
    node.port = static_cast<quint16>(port);
    const auto seen = attempt(node, sshd_.options());
    QVERIFY(seen);
    QCOMPARE(linkStateName(seen->link.state), QStringLiteral("down"));
    QVERIFY2(seen->link.error->text.contains(words), qPrintable(seen->link.error->text));
    QVERIFY(seen->link.error->code == ErrorCode::Unreachable || seen->link.error->code == ErrorCode::TimedOut);
}

void SshSignInTest::handshakes_data() {
    QTest::addColumn<QByteArray>("greeting");
    QTest::addColumn<bool>("closes");
    QTest::addColumn<QString>("code");
    QTest::newRow("says nothing") << QByteArray() << false << QStringLiteral("timed-out");
    QTest::newRow("closes at once") << QByteArray() << true << QStringLiteral("unreachable");
    QTest::newRow("a web server") << QByteArray("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n") << true
                                  << QStringLiteral("unreachable");
    QTest::newRow("a banner, then nothing")
        << QByteArray("SSH-2.0-OpenSSH_9.2\r\n") << false << QStringLiteral("timed-out");
    QTest::newRow("a banner, then garbage")
        << QByteArray("SSH-2.0-OpenSSH_9.2\r\n") + QByteArray(200, '\x7f') << false << QStringLiteral("unreachable");
    QTest::newRow("an old protocol") << QByteArray("SSH-1.5-Old\r\n") << false << QStringLiteral("unreachable");
}

void SshSignInTest::handshakes() {
    QFETCH(QByteArray, greeting);
    QFETCH(bool, closes);
    QFETCH(QString, code);
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost, 0));
    connect(&server, &QTcpServer::newConnection, &server, [&] {
        QTcpSocket* const peer = server.nextPendingConnection();
        peer->write(greeting);
        if (closes)
            peer->disconnectFromHost();
    });
    NodeConfig node = sshd_.node();
    node.port = server.serverPort();
    SshOptions options = sshd_.options();
    options.connectTimeout = 700ms;
    options.reconnect = false;
    SshLink link(node, options);
    LinkProbe probe(link);
    link.start();
    const auto settled = [&] { return probe.settled(0ms).has_value(); };
    QTRY_VERIFY(settled());
    const auto seen = probe.settled(0ms);
    QCOMPARE(linkStateName(seen->link.state), QStringLiteral("down"));
    QCOMPARE(errorCodeName(seen->link.error->code), code);
    QVERIFY(!seen->link.error->remedy.isEmpty());
    qInfo().noquote() << toSentence(*seen->link.error);
}

QTEST_GUILESS_MAIN(SshSignInTest)
#include "ssh_sign_in_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "test_sshd.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QHash>
#include <QTcpServer>
#include <QTest>

#include <csignal>
#include <sys/prctl.h>
#include <unistd.h>

namespace mha::test {

namespace {

QString findSshd() {
    const QString named = qEnvironmentVariable("MHA_TEST_SSHD");
    if (!named.isEmpty())
        return QFileInfo(named).isExecutable() ? named : QString();
    QString cache = qEnvironmentVariable("LAB_CACHE");
    if (cache.isEmpty())
        cache = qEnvironmentVariable("XDG_CACHE_HOME", QStringLiteral("/var/cache")) + QStringLiteral("/milvus-ha-lab");
    const QStringList layers = QDir(cache).entryList({QStringLiteral("layer-*")}, QDir::Dirs, QDir::Time);
    for (const QString& layer : layers) {
        const QString file = cache + QLatin1Char('/') + layer + QStringLiteral("/usr/sbin/sshd");
        if (QFileInfo(file).isExecutable())
            return file;
    }
    return {};
}

/// Runs a small program to its end.
bool run(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.start(program, arguments);
    return process.waitForFinished(20000) && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0;
}

QByteArray output(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.start(program, arguments);
    process.waitForFinished(20000);
    return process.readAllStandardOutput().trimmed();
}

/// The users of its mount namespace. root's own shell may have start-up files that take long.
constexpr char kUsers[] = "root:x:0:0:root:/root:/bin/sh\n"
                          "sshd:x:64998:65534::/run/sshd:/usr/sbin/nologin\n"
                          "tester:x:64999:65534::/tmp:/bin/sh\n"
                          "nologin:x:64997:65534::/tmp:/usr/sbin/nologin\n"
                          "nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin\n";

QByteArray shadowOf(const QByteArray& testersHash) {
    QByteArray lines;
    for (const char* user : {"root", "sshd", "nologin", "nobody"})
        lines += QByteArray(user) + ":*:19000:0:99999:7:::\n";
    return lines + "tester:" + testersHash + ":19000:0:99999:7:::\n";
}

quint16 freePort() {
    QTcpServer server;
    server.listen(QHostAddress::LocalHost, 0);
    return server.serverPort();
}

} // namespace

TestSshd::TestSshd() = default;

TestSshd::~TestSshd() {
    stop();
}

QString TestSshd::missing() {
    if (::geteuid() != 0)
        return QStringLiteral("needs root: sshd runs in a mount namespace of its own");
    if (findSshd().isEmpty())
        return QStringLiteral("no sshd: name one by MHA_TEST_SSHD, or build the lab's root layer (tests/lab/lab up)");
    return {};
}

bool TestSshd::writeFile(const QString& name, const QByteArray& bytes) const {
    QFile file(path(name));
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() &&
           file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
}

bool TestSshd::makeKey(const QString& name, const QString& passphrase, bool authorized) {
    if (!run(QStringLiteral("ssh-keygen"),
             {QStringLiteral("-q"), QStringLiteral("-t"), QStringLiteral("ed25519"), QStringLiteral("-N"), passphrase,
              QStringLiteral("-C"), name, QStringLiteral("-f"), path(name)}))
        return false;
    return !authorized || authorize(name);
}

bool TestSshd::authorize(const QString& name) {
    QFile file(path(name + QStringLiteral(".pub")));
    QFile list(path(QStringLiteral("authorized_keys")));
    return file.open(QIODevice::ReadOnly) && list.open(QIODevice::Append) && list.write(file.readAll()) > 0;
}

QByteArray TestSshd::knownHostsLine(const QString& hostKeyName) const {
    QFile file(path(hostKeyName + QStringLiteral(".pub")));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return "[127.0.0.1]:" + QByteArray::number(port_) + ' ' + file.readAll();
}

bool TestSshd::start(const Setup& setup) {
    stop();
    if (port_ == 0) {
        port_ = freePort();
        if (!makeKey(QStringLiteral("host"), {}, false) || !makeKey(QStringLiteral("client"), {}, true) ||
            !writeFile(QStringLiteral("known_hosts"), knownHostsLine(QStringLiteral("host"))))
            return false;
        QFile::setPermissions(folder_.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner | QFile::ExeOther);
    }
    const bool passwords = !setup.password.isEmpty();
    QStringList config{
        QStringLiteral("Port %1").arg(port_),
        QStringLiteral("ListenAddress 127.0.0.1"),
        QStringLiteral("HostKey %1").arg(path(QStringLiteral("host"))),
        QStringLiteral("AuthorizedKeysFile %1").arg(path(QStringLiteral("authorized_keys"))),
        QStringLiteral("PidFile none"),
        QStringLiteral("StrictModes no"),
        QStringLiteral("PermitRootLogin yes"),
        QStringLiteral("UseDNS no"),
        QStringLiteral("LogLevel VERBOSE"),
        QStringLiteral("UsePAM %1").arg(setup.keyboardOnly ? QStringLiteral("yes") : QStringLiteral("no")),
        QStringLiteral("PasswordAuthentication %1")
            .arg(passwords && !setup.keyboardOnly ? QStringLiteral("yes") : QStringLiteral("no")),
        QStringLiteral("KbdInteractiveAuthentication %1")
            .arg(setup.keyboardOnly ? QStringLiteral("yes") : QStringLiteral("no")),
    };
    // First wins in sshd_config.
    const QByteArray hash =
        output(QStringLiteral("openssl"), {QStringLiteral("passwd"), QStringLiteral("-6"), setup.password});
    if (!writeFile(QStringLiteral("sshd_config"), (setup.config + config).join(QLatin1Char('\n')).toUtf8() + '\n') ||
        !writeFile(QStringLiteral("passwd"), kUsers) ||
        !writeFile(QStringLiteral("shadow"), shadowOf(passwords ? hash : QByteArray("*"))) ||
        !writeFile(QStringLiteral("run.sh"), "set -e\n"
                                             "mount --bind \"$1/passwd\" /etc/passwd\n"
                                             "mount --bind \"$1/shadow\" /etc/shadow\n"
                                             "mount -t tmpfs -o mode=755 tmpfs /run\n"
                                             "mkdir -p /run/sshd\n"
                                             "exec \"$2\" -D -e -f \"$1/sshd_config\"\n"))
        return false;
    for (const char* name : {"passwd", "authorized_keys"}) // read as the user who signs in
        QFile::setPermissions(path(QString::fromLatin1(name)), QFile::ReadOwner | QFile::WriteOwner | QFile::ReadOther);

    const QString sshd = findSshd();
    process_ = std::make_unique<QProcess>();
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    const QString libraries = QDir(QFileInfo(sshd).path() + QStringLiteral("/../lib/x86_64-linux-gnu")).absolutePath();
    if (QFileInfo::exists(libraries + QStringLiteral("/libwrap.so.0")))
        environment.insert(QStringLiteral("LD_LIBRARY_PATH"), libraries);
    process_->setProcessEnvironment(environment);
    // A file, not a pipe: nobody reads while a test waits, and an sshd that cannot log stands still.
    const QString logFile = path(QStringLiteral("log"));
    QFile::remove(logFile);
    process_->setProcessChannelMode(QProcess::MergedChannels);
    process_->setStandardOutputFile(logFile);
    process_->setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    process_->start(QStringLiteral("unshare"),
                    {QStringLiteral("--mount"), QStringLiteral("--propagation"), QStringLiteral("private"),
                     QStringLiteral("sh"), path(QStringLiteral("run.sh")), folder_.path(), sshd});
    const QDeadlineTimer limit(std::chrono::seconds(20));
    while (!log().contains("Server listening")) {
        if (process_->waitForFinished(10) || limit.hasExpired()) {
            qWarning().noquote() << "sshd did not start:" << log() << process_->errorString();
            return false;
        }
    }
    return true;
}

void TestSshd::stop() {
    if (!process_)
        return;
    const QList<qint64> sessions = sessionProcesses();
    process_->kill();
    process_->waitForFinished(5000);
    for (const qint64 pid : sessions)
        ::kill(static_cast<pid_t>(pid), SIGKILL);
    process_.reset();
}

QByteArray TestSshd::log() const {
    QFile file(path(QStringLiteral("log")));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

NodeConfig TestSshd::node(const QString& user) const {
    NodeConfig node;
    node.name = QStringLiteral("node");
    node.host = QStringLiteral("127.0.0.1");
    node.port = port_;
    node.user = user;
    node.identity = key();
    return node;
}

SshOptions TestSshd::options() const {
    SshOptions options;
    options.knownHosts = path(QStringLiteral("known_hosts"));
    options.connectTimeout = std::chrono::seconds(10); // the sanitizers and a busy machine make sshd slow
    return options;
}

QList<qint64> TestSshd::sessionProcesses() const {
    QMultiHash<qint64, qint64> childrenOf;
    const QStringList entries = QDir(QStringLiteral("/proc")).entryList(QDir::Dirs);
    for (const QString& entry : entries) {
        QFile file(QStringLiteral("/proc/%1/stat").arg(entry));
        bool number = false;
        const qint64 pid = entry.toLongLong(&number);
        if (!number || !file.open(QIODevice::ReadOnly))
            continue;
        const QByteArray line = file.readAll();
        const QList<QByteArray> fields = line.mid(line.lastIndexOf(')') + 2).split(' ');
        childrenOf.insert(fields.value(1).toLongLong(), pid);
    }
    QList<qint64> found = process_ ? childrenOf.values(process_->processId()) : QList<qint64>();
    for (qsizetype i = 0; i < found.size(); ++i)
        found += childrenOf.values(found[i]);
    return found;
}

void TestSshd::signalServer(int signal) const {
    if (process_)
        ::kill(static_cast<pid_t>(process_->processId()), signal);
}

void TestSshd::signalSessions(int signal) const {
    const QList<qint64> sessions = sessionProcesses();
    for (const qint64 pid : sessions)
        ::kill(static_cast<pid_t>(pid), signal);
}

} // namespace mha::test

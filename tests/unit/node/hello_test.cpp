// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/hello.h"
#include "node/witness.h"

#include <QtTest>

using namespace mha;
using namespace std::chrono_literals;

/// What the nodes say on the LAN, byte for byte.
class HelloTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isWhatItIs();
    void refusesWhatIsNone();
    void asksByArp();
};

namespace {

const QByteArray kHello = QByteArray::fromHex("4d4841313303026e"
                                              "0000000000000001"
                                              "0000000000000002"
                                              "0000000000000003"
                                              "0000000000000004"
                                              "0000012c"
                                              "00000007");

} // namespace

void HelloTest::isWhatItIs() {
    const Hello hello{51, VrrpState::Master, MilvusSaid::Running, 110, 1, 2, 3, 4, 300ms, 7ms};
    QCOMPARE(encodeHello(hello).toHex(), kHello.toHex());
    QVERIFY(decodeHello(kHello) == hello);
}

void HelloTest::refusesWhatIsNone() {
    for (qsizetype length = 0; length < kHelloSize; ++length)
        QVERIFY(!decodeHello(kHello.first(length)));
    QVERIFY(!decodeHello(kHello + '\0'));
    for (const auto& [at, value] : {std::pair{0, '\0'}, std::pair{5, '\x09'}, std::pair{6, '\x03'}}) {
        QByteArray wrong = kHello;
        wrong[at] = value;
        QVERIFY(!decodeHello(wrong));
    }
}

void HelloTest::asksByArp() {
    const auto self = IpAddress::fromText(u"192.168.1.85").value();
    const auto witness = IpAddress::fromText(u"192.168.1.1").value();
    QCOMPARE(arpRequest(QByteArray::fromHex("525400a80155"), self, witness).toHex(),
             QByteArray("ffffffffffff525400a801550806"
                        "0001080006040001"
                        "525400a80155c0a80155"
                        "000000000000c0a80101"));
    QVERIFY(arpRequest({}, self, witness).isEmpty());
    const QByteArray reply = QByteArray::fromHex("0001080006040002"
                                                 "525400000001c0a80101"
                                                 "525400a80155c0a80155");
    const std::span bytes(reinterpret_cast<const quint8*>(reply.constData()), static_cast<size_t>(reply.size()));
    QVERIFY(isArpReply(bytes, witness, self));
    QVERIFY(!isArpReply(bytes, self, witness));
    QVERIFY(!isArpReply(bytes.first(27), witness, self));
}

QTEST_GUILESS_MAIN(HelloTest)
#include "hello_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "sample.h"
#include "vrrp/advert.h"

#include <QtTest>

using namespace mha;
using namespace std::chrono_literals;

namespace {

struct Vector {
    const char* name;
    const char* hex;
    VrrpEnvelope envelope;
    VrrpAdvert advert;
};

VrrpAdvert advert(VrrpVersion version, int vrid, int priority, Duration interval, const char* vip) {
    VrrpAdvert advert;
    advert.version = version;
    advert.vrid = vrid;
    advert.priority = priority;
    advert.interval = interval;
    advert.addresses = {sample::address(vip)};
    return advert;
}

VrrpAdvert with(VrrpAdvert advert, ChecksumForm form) {
    advert.checksum = form;
    return advert;
}

VrrpAdvert with(VrrpAdvert advert, const char* password) {
    advert.auth = VrrpAuth::Password;
    advert.password = password;
    return advert;
}

/// The first three were taken off a network; the others were computed apart from this code.
QList<Vector> vectors() {
    return {
        {"keepalived 2.2.7, V2 with password", "21335b0101016dff0a4d00647333637233740000", sample::from("10.77.0.2"),
         with(advert(VrrpVersion::V2, 51, 91, 1s, "10.77.0.100"), "s3cr3t")},
        {"keepalived 2.2.7, V3", "31336e01000a6b330a4d0064", sample::from("10.77.0.1"),
         with(advert(VrrpVersion::V3, 51, 110, 100ms, "10.77.0.100"), ChecksumForm::PseudoHeader)},
        {"FRR 8.4.4, V3", "31335b0100647dd60a4e0064", sample::from("10.78.0.2"),
         with(advert(VrrpVersion::V3, 51, 91, 1s, "10.78.0.100"), ChecksumForm::PseudoHeader)},
        {"RFC 9568, V3 without the pseudo-header", "31336e01000a56100a4d0064", sample::from("10.77.0.1"),
         advert(VrrpVersion::V3, 51, 110, 100ms, "10.77.0.100")},
        {"V2 without authentication", "21336e01000166190a4d00640000000000000000", sample::from("10.77.0.1"),
         advert(VrrpVersion::V2, 51, 110, 1s, "10.77.0.100")},
    };
}

QByteArray vector(qsizetype index) {
    return QByteArray::fromHex(vectors().at(index).hex);
}

/// The message with one byte changed and, on request, its (plain) checksum made right again.
enum class Checksum { Left, Mended };

QByteArray changed(QByteArray message, qsizetype at, int value, Checksum checksum = Checksum::Mended) {
    message[at] = static_cast<char>(value);
    if (checksum == Checksum::Left)
        return message;
    message[6] = message[7] = 0;
    unsigned sum = 0;
    for (qsizetype i = 0; i < message.size(); ++i)
        sum += static_cast<unsigned>(static_cast<quint8>(message[i])) << (i % 2 == 0 ? 8 : 0);
    while (sum >> 16 != 0)
        sum = (sum & 0xffff) + (sum >> 16);
    message[6] = static_cast<char>(~sum >> 8 & 0xff);
    message[7] = static_cast<char>(~sum & 0xff);
    return message;
}

} // namespace

class AdvertTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void goldenVectors_data();
    void goldenVectors();
    void ipv6();
    void unicastPseudoHeader();
    void widestFields();
    void refuses_data();
    void refuses();
    void namesEachFlaw();
};

void AdvertTest::goldenVectors_data() {
    QTest::addColumn<int>("index");
    const auto all = vectors();
    for (int i = 0; i < all.size(); ++i)
        QTest::newRow(all.at(i).name) << i;
}

void AdvertTest::goldenVectors() {
    QFETCH(int, index);
    const Vector golden = vectors().at(index);
    const QByteArray bytes = encodeAdvert(golden.advert, golden.envelope.source, golden.envelope.destination);
    QCOMPARE(bytes.toHex(), QByteArray(golden.hex));
    const auto read = decodeAdvert(sample::bytes(bytes), golden.envelope);
    QVERIFY2(read.has_value(), read ? "" : qPrintable(vrrpFlawName(read.error())));
    QCOMPARE(*read, golden.advert);
}

void AdvertTest::ipv6() {
    VrrpAdvert sent = advert(VrrpVersion::V3, 7, 200, 1s, "fe80::100");
    sent.addresses.append(sample::address("fd00::100"));
    const VrrpEnvelope envelope = sample::from("fe80::1", "ff02::12");
    const QByteArray bytes = encodeAdvert(sent, envelope.source, envelope.destination);
    QCOMPARE(bytes.size(), 8 + 2 * 16);
    const auto read = decodeAdvert(sample::bytes(bytes), envelope);
    QVERIFY(read.has_value());
    sent.checksum = ChecksumForm::PseudoHeader; // over IPv6 there is no other
    QCOMPARE(*read, sent);

    const auto elsewhere = decodeAdvert(sample::bytes(bytes), sample::from("fe80::2", "ff02::12"));
    QVERIFY(!elsewhere);
    QCOMPARE(elsewhere.error(), VrrpFlaw::WrongChecksum);
}

void AdvertTest::unicastPseudoHeader() {
    const VrrpAdvert sent = with(advert(VrrpVersion::V3, 51, 110, 100ms, "10.77.0.100"), ChecksumForm::PseudoHeader);
    const VrrpEnvelope envelope = sample::from("10.77.0.1", "10.77.0.2");
    const QByteArray bytes = encodeAdvert(sent, envelope.source, envelope.destination);
    QVERIFY(bytes != vector(1)); // the pseudo-header has the peer's address in it
    const auto read = decodeAdvert(sample::bytes(bytes), envelope);
    QVERIFY(read.has_value());
    QCOMPARE(*read, sent);
}

void AdvertTest::widestFields() {
    VrrpAdvert sent = advert(VrrpVersion::V3, 255, 255, 40950ms, "10.77.0.100");
    for (int i = 1; i < 255; ++i)
        sent.addresses.append(sample::address(qPrintable(QStringLiteral("10.1.2.%1").arg(i))));
    const VrrpEnvelope envelope = sample::from("10.77.0.1");
    const auto read = decodeAdvert(sample::bytes(encodeAdvert(sent, envelope.source, envelope.destination)), envelope);
    QVERIFY(read.has_value());
    QCOMPARE(*read, sent);
}

void AdvertTest::refuses_data() {
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<int>("ttl");
    QTest::addColumn<QString>("flaw"); ///< empty: well-formed
    const QByteArray v2 = vector(0);
    const QByteArray v3 = vector(3);
    QTest::newRow("nothing wrong, V2") << v2 << 255 << "";
    QTest::newRow("nothing wrong, V3") << v3 << 255 << "";
    QTest::newRow("TTL 254") << v3 << 254 << "ttl-not-255";
    QTest::newRow("empty") << QByteArray() << 255 << "too-short";
    QTest::newRow("seven bytes") << v3.first(7) << 255 << "too-short";
    QTest::newRow("version 4") << changed(v3, 0, 0x41) << 255 << "unknown-version";
    QTest::newRow("version 1") << changed(v3, 0, 0x11) << 255 << "unknown-version";
    QTest::newRow("type 2") << changed(v3, 0, 0x32) << 255 << "unknown-type";
    QTest::newRow("VRID 0") << changed(v3, 1, 0) << 255 << "invalid-vrid";
    QTest::newRow("no address") << changed(v3, 3, 0) << 255 << "no-address";
    QTest::newRow("V3, two addresses said, one there") << changed(v3, 3, 2) << 255 << "truncated";
    QTest::newRow("V2, authentication data cut off") << v2.chopped(1) << 255 << "truncated";
    QTest::newRow("V2, 255 addresses said") << changed(v2, 3, 255) << 255 << "truncated";
    QTest::newRow("one byte too many") << v3 + '\0' << 255 << "trailing-bytes";
    QTest::newRow("V3, a bit fell over") << changed(v3, 2, 111, Checksum::Left) << 255 << "wrong-checksum";
    QTest::newRow("V2, a bit fell over") << changed(v2, 2, 90, Checksum::Left) << 255 << "wrong-checksum";
    QTest::newRow("V2, IPsec authentication") << changed(v2, 4, 2) << 255 << "unknown-auth-type";
    QTest::newRow("V2, interval 0") << changed(v2, 5, 0) << 255 << "zero-interval";
    QTest::newRow("V3, interval 0") << changed(v3, 5, 0) << 255 << "zero-interval";
    QTest::newRow("V3, reserved bits are ignored") << changed(v3, 4, 0xf0) << 255 << "";
}

void AdvertTest::refuses() {
    QFETCH(QByteArray, message);
    QFETCH(int, ttl);
    VrrpEnvelope envelope = sample::from("10.77.0.1");
    envelope.ttl = ttl;
    const auto read = decodeAdvert(sample::bytes(message), envelope);
    QTEST(read ? QString() : vrrpFlawName(read.error()), "flaw");
}

void AdvertTest::namesEachFlaw() {
    QSet<QString> names;
    for (int i = 0; i < kVrrpFlaws; ++i) {
        const auto flaw = static_cast<VrrpFlaw>(i);
        names.insert(vrrpFlawName(flaw));
        QVERIFY(!vrrpFlawText(flaw).isEmpty());
    }
    QCOMPARE(names.size(), kVrrpFlaws);
    QCOMPARE(vrrpFlawName(VrrpFlaw::TtlNot255), "ttl-not-255");
    QCOMPARE(vrrpFlawName(VrrpFlaw::OwnPacket), "own-packet");
    QCOMPARE(vrrpFlawName(VrrpFlaw::OtherAddressList), "other-address-list");
}

QTEST_GUILESS_MAIN(AdvertTest)
#include "advert_test.moc"

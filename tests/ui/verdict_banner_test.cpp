// SPDX-License-Identifier: GPL-3.0-or-later
#include "pictures.h"
#include "shots.h"

#include "ui/lane_panel.h"
#include "ui/node_card.h"
#include "ui/notice.h"
#include "ui/style.h"
#include "ui/verdict_banner.h"

#include <QApplication>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QVBoxLayout>

using namespace mha;
using namespace mha::test;

class VerdictBannerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void look();
};

void VerdictBannerTest::look()
{
    Style style(ThemeChoice::Light);
    for (const char* t : {"light", "dark"}) {
        style.choose(*themeChoiceFromName(QString::fromLatin1(t)));
        for (const auto& named : allPictures()) {
            QWidget w; w.resize(1280, 720);
            auto* c = new QVBoxLayout(&w); c->setContentsMargins(16,16,16,16); c->setSpacing(16);
            auto* b = new VerdictBanner; c->addWidget(b);
            auto* h = new QHBoxLayout; h->setSpacing(16); c->addLayout(h);
            auto* l = new LanePanel; c->addWidget(l, 1);
            for (int i = 0; i < 2; ++i) { auto* n = new NodeCard; h->addWidget(n, 1); n->showNode(named.picture, pairOfTheGuide(), i, nightAt(1s)); }
            b->showPicture(named.picture, pairOfTheGuide(), nightAt(1s));
            for (int i = 0; i < 200; ++i) { auto p = (i%97) == 20 ? down(nightAt(i*1s-200s)) : i > 150 && i < 160 ? switching(nightAt(i*1s-200s)) : i > 170 && i < 180 ? unknown(nightAt(i*1s-200s)):healthy(nightAt(i*1s-200s)); l->addPicture(p);} 
            l->addPicture(named.picture);
            l->tick(nightAt(1s));
            w.show();
            QVERIFY(QTest::qWaitForWindowExposed(&w));
            shoot(w, QStringLiteral("w-%1-%2").arg(QString::fromLatin1(named.name), QString::fromLatin1(t)));
            qDebug() << named.name << cutOff(w);
        }
    }
}

QTEST_MAIN(VerdictBannerTest)
#include "verdict_banner_test.moc"

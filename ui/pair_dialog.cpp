// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pair_dialog.h"

#include "act/vip_prediction.h"
#include "ui/field.h"
#include "ui/label.h"
#include "ui/node_form.h"
#include "ui/node_test.h"
#include "ui/notice.h"
#include "ui/pair_files.h"
#include "ui/prompts.h"

#include <QDoubleValidator>
#include <QGridLayout>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>

using namespace Qt::StringLiterals;

namespace mha {

PairDialog::PairDialog(QString folder, QWidget* parent)
    : QDialog(parent), folder_(std::move(folder)),
      name_(new Field(tr("&Name of the pair"), u"name"_s, tr("milvus-prod"), this)),
      vip_(new Field(tr("&Virtual IP with prefix length"), u"vip"_s, tr("192.168.1.104/24"), this)),
      container_(new Field(tr("&Container of Milvus"), u"milvus.container"_s, u"milvus"_s, this)),
      storage_(new Field(tr("Shared &folder on the nodes (empty: not watched)"), u"storage.path"_s, tr("/srv/milvus"),
                         this)),
      rto_(new Field(tr("Recovery time &objective, seconds"), u"milvus.rto_seconds"_s, u"5"_s, this)),
      nodes_{new NodeForm(tr("First node"), u"192.168.1.85"_s, u"master"_s, this),
             new NodeForm(tr("Second node"), u"192.168.1.38"_s, u"backup"_s, this)},
      predictionCard_(new QFrame(this)), prediction_(new Label(TypeSize::Body, predictionCard_)),
      notice_(new Notice(this)), prompts_(new Prompts(this)) {
    setWindowTitle(tr("Add a pair"));
    resize(940, 660);
    container_->setText(u"milvus"_s);
    rto_->setText(u"5"_s);
    auto* validator = new QDoubleValidator(rto_);
    validator->setLocale(QLocale::c());
    rto_->edit()->setValidator(validator);
    notice_->hide();

    auto* body = new QWidget(this);
    body->setProperty("look", "page");
    auto* nodes = new QHBoxLayout;
    nodes->setSpacing(kGap);
    nodes->addWidget(nodes_[0], 1);
    nodes->addWidget(nodes_[1], 1);
    auto* inner = new QVBoxLayout(body);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->setSpacing(kGap);
    inner->addWidget(makePairCard());
    inner->addLayout(nodes);
    prediction_->setSentence();
    prediction_->setObjectName(u"prediction"_s);
    prediction_->setAccessibleName(tr("How long the VIP takes after each fault"));
    auto* title = new Label(tr("How long VRRP takes"), TypeSize::Strong, this);
    auto* from = new Label(tr("By its timers alone, out of both configurations; Milvus's start comes on top."),
                           TypeSize::Caption, this);
    from->setMuted();
    auto* told = new QVBoxLayout(predictionCard_);
    told->setContentsMargins(20, kGap, 20, kGap);
    told->setSpacing(kHalf);
    told->addWidget(title);
    told->addWidget(prediction_);
    told->addWidget(from);
    predictionCard_->setProperty("look", "card");
    predictionCard_->hide();
    inner->addWidget(predictionCard_);
    inner->addStretch(1);
    auto* area = new QScrollArea(this);
    area->setWidget(body);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus);
    area->viewport()->setAutoFillBackground(false);
    body->setAutoFillBackground(false);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kWide, kGap, kWide, kGap);
    column->setSpacing(12);
    column->addWidget(new Label(tr("Add a pair"), TypeSize::Headline, this));
    column->addWidget(area, 1);
    column->addWidget(notice_);
    column->addWidget(makeFoot());
    for (int i = 0; i < 2; ++i)
        connect(nodeForm(i), &NodeForm::testWanted, this, [this, i] { test(i); });
    name_->edit()->setFocus();
}

PairDialog::~PairDialog() {
    prompts_->close();
}

QWidget* PairDialog::makePairCard() {
    auto* card = new QFrame(this);
    card->setProperty("look", "card");
    auto* grid = new QGridLayout(card);
    grid->setContentsMargins(20, kGap, 20, kGap);
    grid->setHorizontalSpacing(kGap);
    grid->setVerticalSpacing(12);
    grid->addWidget(name_, 0, 0, 1, 2);
    grid->addWidget(vip_, 0, 2, 1, 2);
    grid->addWidget(container_, 0, 4, 1, 2);
    grid->addWidget(storage_, 1, 0, 1, 4);
    grid->addWidget(rto_, 1, 4, 1, 2);
    for (int column = 0; column < 6; ++column)
        grid->setColumnStretch(column, 1);
    return card;
}

QWidget* PairDialog::makeFoot() {
    auto* box = new QWidget(this);
    auto* where = new Label(tr("The pair file goes to %1").arg(folder_), TypeSize::Caption, box);
    where->setMuted();
    where->setWordWrap(true);
    auto* no = new QPushButton(tr("Cancel"), box);
    no->setAutoDefault(false);
    auto* yes = new QPushButton(tr("&Add the pair"), box);
    yes->setProperty("look", "primary");
    yes->setDefault(true);
    connect(no, &QPushButton::clicked, this, &QDialog::reject);
    connect(yes, &QPushButton::clicked, this, &PairDialog::accept);
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kUnit);
    row->addWidget(where, 1);
    row->addWidget(no);
    row->addWidget(yes);
    return box;
}

void PairDialog::setPair(const Pair& pair) {
    name_->setText(pair.name);
    vip_->setText(pair.vip);
    container_->setText(pair.container);
    storage_->setText(pair.storagePath);
    rto_->setText(QString::number(pair.rto.count()));
    nodes_[0]->setNode(pair.nodes[0]);
    nodes_[1]->setNode(pair.nodes[1]);
}

Pair PairDialog::raw() const {
    Pair pair;
    pair.name = name_->text();
    pair.vip = vip_->text();
    pair.container = container_->text().isEmpty() ? u"milvus"_s : container_->text();
    pair.storagePath = storage_->text();
    pair.rto = std::chrono::duration<double>(rto_->text().isEmpty() ? 5.0 : rto_->text().toDouble());
    pair.knownHosts = knownHosts_;
    pair.nodes = {nodes_[0]->node(), nodes_[1]->node()};
    return pair;
}

Result<Pair> PairDialog::pair() const {
    return parsePair(toToml(raw()), tr("the form"));
}

void PairDialog::clearWrong() {
    notice_->hide();
    for (Field* field : findChildren<Field*>())
        field->setWrong({});
}

bool PairDialog::showAtField(const Error& error) {
    QString rest;
    Field* meant = nullptr;
    for (Field* field : {name_, vip_, container_, storage_, rto_}) {
        if (error.text.startsWith(field->key() + u' ')) {
            meant = field;
            rest = error.text.mid(field->key().size() + 1);
        }
    }
    for (int i = 0; i < 2 && meant == nullptr; ++i) {
        const QString prefix = u"node %1."_s.arg(i + 1);
        if (!error.text.startsWith(prefix))
            continue;
        const QString key = error.text.mid(prefix.size()).section(u' ', 0, 0);
        meant = nodeForm(i)->field(key);
        rest = error.text.mid(prefix.size() + key.size() + 1);
    }
    if (meant == nullptr)
        return false;
    meant->setWrong(tr("It %1 %2").arg(rest, error.remedy));
    meant->edit()->setFocus();
    return true;
}

void PairDialog::accept() {
    clearWrong();
    const Result<Pair> read = pair();
    if (!read) {
        if (!showAtField(read.error()))
            notice_->showError(read.error());
        return;
    }
    const Result<QString> saved = savePair(*read, folder_);
    if (!saved) {
        notice_->showError(saved.error());
        return;
    }
    fileName_ = *saved;
    QDialog::accept();
}

void PairDialog::predictWith(int node, const NodeFindings& findings) {
    NodePicture& found = found_.at(static_cast<std::size_t>(node));
    const NodeConfig config = nodeForm(node)->node();
    found.name = config.name.isEmpty() ? config.host : config.name;
    found.vrrp = findings.vrrp;
    found.vrrpConfig = findings.config;
    const QStringList told = vipPredictions(found_[0], found_[1]);
    prediction_->showText(told.join(u'\n'));
    predictionCard_->setVisible(!told.isEmpty());
}

void PairDialog::test(int node) {
    NodeForm* form = nodeForm(node);
    Pair pair = raw();
    NodeConfig& config = pair.nodes.at(static_cast<std::size_t>(node));
    if (config.host.isEmpty()) {
        form->field(u"host"_s)->setWrong(tr("Say first which machine it is."));
        form->field(u"host"_s)->edit()->setFocus();
        return;
    }
    if (config.name.isEmpty())
        config.name = config.host;
    if (config.user.isEmpty())
        config.user = u"root"_s;
    delete tests_.at(static_cast<std::size_t>(node));
    SshOptions options;
    options.hostKeys = HostKeyPolicy::Ask;
    options.knownHosts = knownHosts_;
    options.prompts = prompts_->functions();
    auto* test = new NodeTest(pair, node, options, this);
    tests_.at(static_cast<std::size_t>(node)) = test;
    form->showTesting();
    connect(test, &NodeTest::finished, form, &NodeForm::showFindings);
    connect(test, &NodeTest::finished, this,
            [this, node](const NodeFindings& findings) { predictWith(node, findings); });
    test->start();
}

} // namespace mha

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/node_form.h"

#include "ui/fact_text.h"
#include "ui/field.h"
#include "ui/label.h"
#include "ui/node_test.h"
#include "ui/notice.h"

#include <QDir>
#include <QFileDialog>
#include <QGridLayout>
#include <QIntValidator>
#include <QLineEdit>
#include <QPushButton>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace mha {

NodeForm::NodeForm(const QString& title, const QString& address, const QString& name, QWidget* parent)
    : QFrame(parent), host_(new Field(tr("Address or host name"), u"host"_s, address, this)),
      name_(new Field(tr("Name"), u"name"_s, name, this)), user_(new Field(tr("User"), u"user"_s, u"root"_s, this)),
      port_(new Field(tr("SSH port"), u"port"_s, u"22"_s, this)),
      identity_(new Field(tr("Key file (empty: the agent, then the default keys)"), u"identity"_s,
                          u"~/.ssh/id_ed25519"_s, this)),
      browse_(new QPushButton(tr("Browse…"), this)), test_(new QPushButton(tr("Test the connection"), this)),
      notice_(new Notice(this)) {
    setProperty("look", "card");
    constexpr int kHighestPort = 65535;
    port_->edit()->setValidator(new QIntValidator(1, kHighestPort, port_));
    port_->setText(u"22"_s);
    user_->setText(u"root"_s);
    browse_->setAccessibleName(tr("Browse for the key file of %1").arg(title));
    identity_->addBeside(browse_);
    test_->setAccessibleName(tr("Test the connection to %1").arg(title));
    test_->setToolTip(tr("Connects as filled in above and tells what it finds; changes nothing on the node"));
    test_->setAutoDefault(false);
    browse_->setAutoDefault(false);
    notice_->hide();

    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(12);
    grid->setColumnStretch(0, 3);
    grid->setColumnStretch(1, 2);
    grid->addWidget(host_, 0, 0);
    grid->addWidget(name_, 0, 1);
    grid->addWidget(user_, 1, 0);
    grid->addWidget(port_, 1, 1);
    grid->addWidget(identity_, 2, 0, 1, 2);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, kGap, 20, kGap);
    column->setSpacing(12);
    column->addWidget(new Label(title, TypeSize::Title, this));
    column->addLayout(grid);
    column->addWidget(test_, 0, Qt::AlignLeft);
    column->addWidget(notice_);
    column->addStretch(1);

    connect(test_, &QPushButton::clicked, this, &NodeForm::testWanted);
    connect(browse_, &QPushButton::clicked, this, &NodeForm::browseForKey);
    for (Field* field : fields()) {
        connect(field, &Field::edited, this, &NodeForm::edited);
        connect(field, &Field::edited, notice_, &QWidget::hide);
    }
}

QList<Field*> NodeForm::fields() const {
    return {host_, name_, user_, port_, identity_};
}

Field* NodeForm::field(const QString& key) const {
    for (Field* field : fields()) {
        if (field->key() == key)
            return field;
    }
    return nullptr;
}

NodeConfig NodeForm::node() const {
    NodeConfig node;
    node.name = name_->text();
    node.host = host_->text();
    node.port = static_cast<quint16>(port_->text().toUInt());
    node.user = user_->text();
    node.identity = identity_->text();
    return node;
}

void NodeForm::setNode(const NodeConfig& node) {
    name_->setText(node.name);
    host_->setText(node.host);
    port_->setText(QString::number(node.port));
    user_->setText(node.user);
    identity_->setText(node.identity);
}

void NodeForm::browseForKey() {
    auto* dialog = new QFileDialog(this, tr("Private key file"), QDir::home().filePath(u".ssh"_s));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setFilter(QDir::Files | QDir::Hidden);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        identity_->setText(file);
        Q_EMIT edited();
    });
    dialog->open();
}

void NodeForm::showTesting() {
    test_->setEnabled(false);
    notice_->showNotice(Tone::Busy, tr("Connecting to %1…").arg(host_->text()));
}

void NodeForm::showFindings(const NodeFindings& findings) {
    test_->setEnabled(true);
    if (findings.refused) {
        notice_->showError(*findings.refused);
        return;
    }
    NodePicture node;
    node.name = name_->text();
    node.link.state = LinkState::Up;
    node.container = findings.container;
    node.vrrp = findings.vrrp;
    node.vip = findings.vip;
    const Instant now = std::max({findings.container.seenAt, findings.vrrp.seenAt, findings.vip.seenAt});
    QStringList lines{tr("Connected.")};
    const auto say = [&](const QString& what, const FactText& text) {
        lines += text.known ? tr("%1: %2").arg(what, text.value)
                            : tr("%1: not seen. %2").arg(what, text.whole.section(u'\n', 0, 0));
    };
    say(tr("Docker, container"), FactWords::container(node, now));
    say(findings.program ? u"milvus-ha-node"_s : u"keepalived"_s, FactWords::vrrp(node, now));
    if (findings.vip) {
        lines += findings.vip->held ? tr("VIP: here") : tr("VIP: not here");
    } else if (findings.vip.unknownBecause) {
        lines += tr("VIP: not seen. %1").arg(toSentence(*findings.vip.unknownBecause));
    }
    const bool missing = findings.container && findings.container->state == ContainerState::Missing;
    const bool all = findings.container && findings.vrrp && findings.vip && !missing;
    notice_->showNotice(all ? Tone::Good : Tone::Warn, lines.join(u'\n'));
}

} // namespace mha

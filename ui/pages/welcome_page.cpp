// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/welcome_page.h"

#include "config/override_value.h"
#include "ui/icons.h"
#include "ui/jobs/in_background.h"
#include "ui/theme.h"
#include "ui/widgets/loop_drawing.h"
#include "ui/widgets/path_edit.h"

#include <QAction>
#include <QCheckBox>
#include <QDesktopServices>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSettings>
#include <QUrl>
#include <QVBoxLayout>

namespace saeception {
namespace {

const QString atStartKey = QStringLiteral("welcome/atStart");
constexpr int pageWidth = 124 * gridUnit;
constexpr int typingPauseMs = 200;

QLabel* heading(const QString& text, double scale, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() * scale);
    font.setWeight(QFont::DemiBold);
    label->setFont(font);
    return label;
}

QString link(const char* address, const QString& text) {
    return QStringLiteral("<a href=\"%1\">%2</a>").arg(QString::fromLatin1(address), text);
}

}  // namespace

WelcomePage::WelcomePage(QWidget* parent) : QWidget(parent) {
    setWindowTitle(tr("Welcome"));
    auto* content = new QWidget;
    content->setMaximumWidth(pageWidth);
    auto* inner = new QVBoxLayout(content);
    inner->setContentsMargins(3 * gridUnit, 3 * gridUnit, 3 * gridUnit, 3 * gridUnit);
    inner->setSpacing(4 * gridUnit);
    inner->addWidget(makeHead());
    auto* sides = new QHBoxLayout;
    sides->setSpacing(6 * gridUnit);
    sides->addWidget(makeStart(), 2);
    sides->addWidget(makeSetUp(), 3);
    inner->addLayout(sides);
    m_atStart = new QCheckBox(tr("Show this page at start"), content);
    m_atStart->setObjectName(QStringLiteral("welcomeAtStart"));
    m_atStart->setChecked(isWantedAtStart());
    connect(m_atStart, &QCheckBox::toggled, this, &WelcomePage::setWantedAtStart);
    inner->addWidget(m_atStart);
    inner->addStretch(1);

    auto* middle = new QWidget;
    auto* across = new QHBoxLayout(middle);
    across->setContentsMargins(0, 0, 0, 0);
    across->addStretch(1);
    across->addWidget(content, 100);
    across->addStretch(1);
    auto* down = new QVBoxLayout;
    auto* area = new QScrollArea(this);
    area->setWidget(middle);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    down->setContentsMargins(0, 0, 0, 0);
    down->addWidget(area);
    setLayout(down);
    connect(&Theme::instance(), &Theme::changed, this, &WelcomePage::applyTheme);
    applyTheme();
    showAnswers();
    for (Input* input : {&m_sst2, &m_gpt2})
        if (!input->edit->path().isEmpty())
            begin(*input);
}

bool WelcomePage::isWantedAtStart() {
    return QSettings().value(atStartKey, true).toBool();
}

void WelcomePage::setWantedAtStart(bool wanted) {
    QSettings().setValue(atStartKey, wanted);
}

bool WelcomePage::isChecking() const {
    return m_sst2.checking || m_gpt2.checking;
}

QLabel* WelcomePage::addText(QVBoxLayout* column, const QString& text, bool isFaint) {
    auto* label = new QLabel(text, this);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextBrowserInteraction);
    connect(label, &QLabel::linkActivated, this,
            [](const QString& address) { QDesktopServices::openUrl(QUrl(address)); });
    if (isFaint)
        m_faint.append(label);
    column->addWidget(label);
    return label;
}

QWidget* WelcomePage::makeHead() {
    auto* panel = new QWidget(this);
    auto* column = new QVBoxLayout(panel);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gridUnit);
    column->addWidget(heading(tr("Welcome to SAEception Studio"), 1.7, panel));
    addText(
        column,
        tr("It fine-tunes a language model on a classification task, trains a sparse autoencoder on what the "
           "model holds inside, and measures both. Then it sharpens the autoencoder's features into cleaner "
           "targets, retrains the model towards them, and goes round again, while you watch and browse."),
        false);
    column->addSpacing(2 * gridUnit);
    column->addWidget(new LoopDrawing(panel));
    return panel;
}

QWidget* WelcomePage::makeStart() {
    auto* panel = new QWidget(this);
    auto* column = new QVBoxLayout(panel);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gridUnit);
    column->addWidget(heading(tr("Try it now"), 1.15, panel));
    addText(column,
            tr("The demo needs no download: it writes its own film reviews, trains a small model from "
               "nothing and "
               "goes round twice, in about a minute on two cores."),
            true);
    auto* demo = new QAction(tr("Run the demo"), this);
    demo->setObjectName(QStringLiteral("runDemo"));
    demo->setStatusTip(tr("Two cycles on generated film reviews, about a minute"));
    connect(demo, &QAction::triggered, this, &WelcomePage::demoRequested);
    addAction(demo);
    auto* run = new QPushButton(tr("Run the demo"), panel);
    run->setObjectName(QStringLiteral("runDemoButton"));
    run->setDefault(true);
    run->setMinimumSize(20 * gridUnit, 4 * gridUnit);
    connect(run, &QPushButton::clicked, demo, &QAction::trigger);
    setFocusProxy(run);
    column->addWidget(run, 0, Qt::AlignLeft);
    column->addSpacing(3 * gridUnit);
    column->addWidget(heading(tr("Look at a run"), 1.15, panel));
    addText(column,
            tr("Any run of the studio or of the command line, finished or not, opens with its curves, "
               "metrics and features."),
            true);
    auto* open = new QPushButton(themedIcon(QStringLiteral("folder")), tr("Open a run…"), panel);
    open->setObjectName(QStringLiteral("openRunButton"));
    open->setMinimumSize(20 * gridUnit, 4 * gridUnit);
    connect(open, &QPushButton::clicked, this, &WelcomePage::openRequested);
    column->addWidget(open, 0, Qt::AlignLeft);
    column->addStretch(1);
    return panel;
}

QWidget* WelcomePage::makeSetUp() {
    auto* panel = new QWidget(this);
    auto* column = new QVBoxLayout(panel);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gridUnit);
    column->addWidget(heading(tr("Work with SST-2 and GPT-2"), 1.15, panel));
    addText(column, tr("Both are free. Download them once, unpack them, and say where they lie."), true);
    m_sst2.check = checkSst2Folder;
    m_sst2.settingsKey = QStringLiteral("welcome/sst2");
    addInput(
        m_sst2, column, tr("SST-2 folder"),
        tr("SST-2, 67,349 labelled sentences of film reviews: %1, from %2. Unpack train.tsv and dev.tsv.")
            .arg(link("https://dl.fbaipublicfiles.com/glue/data/SST-2.zip", QStringLiteral("SST-2.zip")),
                 link("https://gluebenchmark.com/tasks", tr("the GLUE benchmark"))));
    m_gpt2.check = checkGpt2Folder;
    m_gpt2.settingsKey = QStringLiteral("welcome/gpt2");
    addInput(m_gpt2, column, tr("GPT-2 folder"),
             tr("GPT-2 small, 548 MB: model.safetensors, config.json, vocab.json and merges.txt from %1 on "
                "Hugging "
                "Face.")
                 .arg(link("https://huggingface.co/openai-community/gpt2/tree/main",
                           QStringLiteral("openai-community/gpt2"))));
    m_setUp = new QAction(tr("Set up SST-2 with GPT-2"), this);
    m_setUp->setObjectName(QStringLiteral("setUpSst2"));
    connect(m_setUp, &QAction::triggered, this, &WelcomePage::setUp);
    addAction(m_setUp);
    m_setUpButton =
        new QPushButton(themedIcon(QStringLiteral("launch")), tr("Set up SST-2 with GPT-2"), panel);
    m_setUpButton->setObjectName(QStringLiteral("setUpButton"));
    m_setUpButton->setMinimumHeight(4 * gridUnit);
    connect(m_setUpButton, &QPushButton::clicked, m_setUp, &QAction::trigger);
    column->addSpacing(gridUnit);
    column->addWidget(m_setUpButton, 0, Qt::AlignLeft);
    column->addStretch(1);
    return panel;
}

void WelcomePage::addInput(Input& input, QVBoxLayout* column, const QString& title, const QString& source) {
    column->addSpacing(gridUnit);
    addText(column, source, false);
    input.edit = new PathEdit(PathEdit::Target::Folder, this);
    input.edit->line()->setObjectName(input.settingsKey);
    input.edit->line()->setAccessibleName(title);
    input.edit->setPlaceholder(title);
    input.edit->setPath(QSettings().value(input.settingsKey).toString());
    column->addWidget(input.edit);
    input.answer = new QLabel(this);
    input.answer->setObjectName(input.settingsKey + QStringLiteral("Answer"));
    input.answer->setTextFormat(Qt::PlainText);
    input.answer->setWordWrap(true);
    input.answer->setMinimumHeight(input.answer->fontMetrics().height());
    column->addWidget(input.answer);
    input.pause.setSingleShot(true);
    input.pause.setInterval(typingPauseMs);
    connect(&input.pause, &QTimer::timeout, this, [this, &input] { begin(input); });
    connect(input.edit, &PathEdit::changed, this, [this, &input] {
        ++input.request;
        input.checking = true;
        input.result = {};
        input.pause.start();
        showAnswers();
    });
}

void WelcomePage::begin(Input& input) {
    const quint64 request = ++input.request;
    const QString folder = input.edit->path();
    QSettings().setValue(input.settingsKey, folder);
    input.checking = true;
    inBackground([folder, check = input.check] {
        return check(folder);
    }).then(this, [this, &input, request](const InputCheck& result) {
        if (request != input.request)
            return;
        input.checking = false;
        input.result = result;
        showAnswers();
    });
}

void WelcomePage::showAnswers() {
    const ThemeColours& colours = Theme::instance().colours();
    for (const Input* input : {&m_sst2, &m_gpt2}) {
        QString text;
        if (!input->result.message.isEmpty())
            text =
                (input->result.usable ? QStringLiteral("✓ ") : QStringLiteral("⚠ ")) + input->result.message;
        input->answer->setText(text);
        QPalette palette = input->answer->palette();
        palette.setColor(QPalette::WindowText, input->result.usable ? colours.accent : colours.warning);
        input->answer->setPalette(palette);
    }
    const bool ready = m_sst2.result.usable && m_gpt2.result.usable;
    m_setUp->setEnabled(ready);
    m_setUp->setStatusTip(ready ? tr("Fills the Launch page") : tr("Choose both folders first"));
    m_setUpButton->setEnabled(ready);
    m_setUpButton->setToolTip(m_setUp->statusTip());
}

void WelcomePage::setUp() {
    const std::string model = overrideValueText(m_gpt2.result.folder.toStdString());
    const std::string words[] = {"experiment=sst2_gpt2",
                                 "dataset.path=" + overrideValueText(m_sst2.result.folder.toStdString()),
                                 "model.init=" + model, "model.tokenizer=" + model};
    QStringList overrides;
    for (const std::string& word : words)
        overrides.append(QString::fromStdString(word));
    Q_EMIT setUpRequested(overrides);
}

void WelcomePage::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_setUp != nullptr)
        applyTheme();
}

void WelcomePage::applyTheme() {
    for (QLabel* label : m_faint) {
        QPalette faint = label->palette();
        faint.setColor(QPalette::WindowText, Theme::instance().colours().faintText);
        label->setPalette(faint);
    }
    showAnswers();
}

}  // namespace saeception

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/feature_link.h"

#include <QUrl>
#include <QUrlQuery>

namespace saeception {
namespace {

const QString scheme = QStringLiteral("saeception");
const QString kind = QStringLiteral("feature");

}  // namespace

QString FeatureLink::text() const {
    QUrlQuery query;
    query.addQueryItem(QStringLiteral("run"),
                       QString::fromUtf8(QUrl::toPercentEncoding(QString::fromStdString(run.string()), "/")));
    query.addQueryItem(QStringLiteral("cycle"), QString::number(cycle));
    query.addQueryItem(QStringLiteral("feature"), QString::number(feature));
    QUrl url;
    url.setScheme(scheme);
    url.setPath(kind);
    url.setQuery(query);
    return url.toString(QUrl::FullyEncoded);
}

bool isFeatureLink(const QString& text) {
    return text.trimmed().startsWith(scheme + QLatin1Char(':'));
}

std::optional<FeatureLink> parseFeatureLink(const QString& text) {
    const QUrl url(text.trimmed(), QUrl::StrictMode);
    const QUrlQuery query(url);
    if (!url.isValid() || url.scheme() != scheme || url.path() != kind)
        return std::nullopt;
    bool hasCycle = false;
    bool hasFeature = false;
    FeatureLink link;
    link.run = query.queryItemValue(QStringLiteral("run"), QUrl::FullyDecoded).toStdString();
    link.cycle = query.queryItemValue(QStringLiteral("cycle")).toInt(&hasCycle);
    link.feature = query.queryItemValue(QStringLiteral("feature")).toInt(&hasFeature);
    if (link.run.empty() || !hasCycle || !hasFeature || link.cycle < 0 || link.feature < 0)
        return std::nullopt;
    return link;
}

}  // namespace saeception

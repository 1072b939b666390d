// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the desktop asks for dark windows, now and when it changes, by the XDG desktop portal (Qt 6.4
// cannot say).
#pragma once

#include <QDBusVariant>
#include <QObject>
#include <QString>

namespace saeception {

class SystemScheme : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    /// Asks the portal without blocking and listens from then on. Silent where there is no session bus or no
    /// portal.
    void watch();

Q_SIGNALS:
    void darkChanged(bool dark);

private Q_SLOTS:
    void settingChanged(const QString& space, const QString& key, const QDBusVariant& value);
};

}  // namespace saeception

package org.tandem;

import android.app.Notification;
import android.app.NotificationChannel;
import android.app.NotificationManager;
import android.app.PendingIntent;
import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;

/** Shows the words of a reminder. Never built or run yet; see docs/phone.md. */
public class Reminder extends BroadcastReceiver {
    private static final String CHANNEL = "reminders";

    @Override
    public void onReceive(Context context, Intent alarm) {
        String text = alarm.getStringExtra("text");
        if (text == null || text.isEmpty()) {
            return;
        }
        NotificationManager manager = context.getSystemService(NotificationManager.class);
        NotificationChannel channel =
            new NotificationChannel(CHANNEL, "Reminders", NotificationManager.IMPORTANCE_DEFAULT);
        channel.setLockscreenVisibility(Notification.VISIBILITY_PRIVATE);
        manager.createNotificationChannel(channel);
        Intent open =
            context.getPackageManager().getLaunchIntentForPackage(context.getPackageName());
        Notification shown = new Notification.Builder(context, CHANNEL)
            .setSmallIcon(android.R.drawable.ic_popup_reminder)
            .setContentText(text)
            .setAutoCancel(true)
            .setVisibility(Notification.VISIBILITY_PRIVATE)
            .setContentIntent(
                PendingIntent.getActivity(context, 0, open, PendingIntent.FLAG_IMMUTABLE))
            .build();
        manager.notify(1, shown);
    }
}

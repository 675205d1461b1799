package dev.tessera.soak;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationStart;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/** Tells the killer of a driver what Spark's scheduler does. Spark makes it, by its name. */
public final class KillingListener extends SparkListener {
  static final String PLAN = "spark.soak.kills";
  static final String RECORD = "spark.soak.record";
  static final String MASTER = "spark.soak.masterPort";
  private static final Pattern ROUND = Pattern.compile("round ([0-9]+) of .*");

  private final Killer killer;
  private final Set<Integer> rounds = new HashSet<>();
  private boolean backYet;
  private boolean inRound;

  public KillingListener(SparkConf conf) {
    killer = new Killer(Kill.all(conf.get(PLAN, "")), conf.get(RECORD, ""), conf.get(MASTER, ""));
    Killer.become(killer);
  }

  @Override
  public void onApplicationStart(SparkListenerApplicationStart event) {
    killer.application(event.appId().getOrElse(() -> ""));
  }

  @Override
  public void onExecutorAdded(SparkListenerExecutorAdded event) {
    killer.executorAdded(event.executorId());
  }

  @Override
  public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
    killer.executorRemoved(event.executorId());
  }

  @Override
  public void onJobStart(SparkListenerJobStart event) {
    String description = String.valueOf(event.properties().getProperty("spark.job.description"));
    Matcher round = ROUND.matcher(description);
    inRound = round.matches();
    if (inRound) {
      rounds.add(event.jobId());
      killer.round(Integer.parseInt(round.group(1)));
      backYet = false;
      killer.at(Moment.ROUND_BEGINS, "");
    } else {
      killer.at(description.startsWith("evaluation") ? Moment.EVALUATION : Moment.READING, "");
    }
  }

  @Override
  public void onTaskStart(SparkListenerTaskStart event) {
    if (inRound) {
      killer.at(Moment.TASK_STARTS, event.taskInfo().executorId());
      killer.at(Moment.FIT, event.taskInfo().executorId());
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd event) {
    if (inRound && !backYet) {
      backYet = true;
      killer.at(Moment.REPLICA_BACK, event.taskInfo().executorId());
    }
  }

  @Override
  public void onJobEnd(SparkListenerJobEnd event) {
    if (rounds.remove(event.jobId())) {
      inRound = false;
      killer.roundDone();
      killer.at(Moment.ROUND_ENDS, "");
    }
  }
}

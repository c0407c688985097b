using System.Net;
using Freshet.Daemon.Running;

namespace Freshet.Daemon.Tests.Running;

public class HealthTests
{
    [Fact]
    public void A_daemon_that_stops_or_does_not_tick_is_not_healthy()
    {
        SettableTime time = new();
        using CancellationTokenSource stopping = new();
        Health health = new(time, stopping.Token);
        Assert.Null(health.Trouble);
        time.Advance(TimeSpan.FromSeconds(16));
        Assert.Equal("stuck", health.Trouble);
        health.OnTick();
        time.Advance(TimeSpan.FromSeconds(14));
        Assert.Null(health.Trouble);
        stopping.Cancel();
        Assert.Equal("stopping", health.Trouble);
    }

    [Fact]
    public async Task An_unhealthy_daemon_answers_503_and_is_healthy_again_after_a_tick()
    {
        SettableTime time = new();
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            (options, _) => options with { Session = options.Session with { TimeProvider = time } });
        await Patience.Until(() =>
        {
            time.Advance(TimeSpan.FromSeconds(16));
            return StatusOf(daemon) == HttpStatusCode.ServiceUnavailable;
        });
        await Patience.Until(() => StatusOf(daemon) == HttpStatusCode.OK);
    }

    private static HttpStatusCode StatusOf(TestDaemon daemon)
    {
        using HttpResponseMessage answer = TestDaemon.SendAsync(daemon.Stranger, HttpMethod.Get, "/healthz").GetAwaiter().GetResult();
        return answer.StatusCode;
    }

    /// <summary>The system's time plus what the test adds to it.</summary>
    private sealed class SettableTime : TimeProvider
    {
        private long _added;

        public override long GetTimestamp() =>
            base.GetTimestamp() + (Interlocked.Read(ref _added) * TimestampFrequency / TimeSpan.TicksPerSecond);

        public void Advance(TimeSpan time) => Interlocked.Add(ref _added, time.Ticks);
    }
}

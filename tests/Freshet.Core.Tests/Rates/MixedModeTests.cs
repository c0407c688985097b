using Freshet.Core.Rates;

namespace Freshet.Core.Tests.Rates;

public class MixedModeTests
{
    private const double Line = 1_000_000;

    private readonly MixedMode _mode = new();

    [Fact]
    public void Without_both_transports_nothing_is_limited()
    {
        Pass(60, new TransportUse(5, Line), default);
        Assert.Null(_mode.Limit);
        Pass(60, default, new TransportUse(5, Line));
        Assert.Null(_mode.Limit);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(9, 1)]
    [InlineData(1, 3)]
    public void Tcp_keeps_its_part_of_the_line_and_utp_gets_the_rest(int tcp, int utp)
    {
        double part = Line * tcp / (tcp + utp);
        for (int second = 0; second < 120; second++)
        {
            double taken = Math.Min(_mode.Limit ?? Line, 0.98 * Line);
            _mode.OnSecond(new TransportUse(tcp, taken), new TransportUse(utp, Line - taken), hasQueue: true);
            if (second > 10)
                Assert.Equal(part, _mode.Limit!.Value, part / 50);
        }
    }

    [Fact]
    public void A_limit_is_raised_until_it_is_gone_where_utp_finds_no_queue()
    {
        Pass(1, new TransportUse(1, Line), new TransportUse(1, 0));
        Pass(5, new TransportUse(1, Line / 2), new TransportUse(1, Line / 2));
        double before = _mode.Limit!.Value;
        Pass(1, new TransportUse(1, Line / 2), new TransportUse(1, Line / 4), hasQueue: false);
        Assert.InRange(_mode.Limit!.Value, before * 1.1, Line);
        Pass(15, new TransportUse(1, Line / 2), new TransportUse(1, Line / 4), hasQueue: false);
        Assert.Null(_mode.Limit);
    }

    /// <summary>Other programs keep the queue full: each limit would leave them more of the line, and so on.</summary>
    [Fact]
    public void What_does_not_help_utp_is_given_up_for_a_while()
    {
        double least = double.MaxValue;
        int limited = 0;
        const int Seconds = 10 * (MixedMode.PatienceSeconds + MixedMode.RestSeconds);
        for (int second = 0; second < Seconds; second++)
        {
            double taken = Math.Min(_mode.Limit ?? double.MaxValue, Line);
            _mode.OnSecond(new TransportUse(1, taken), new TransportUse(1, Line / 50), hasQueue: true);
            limited += _mode.Limit is null ? 0 : 1;
            least = Math.Min(least, taken);
        }

        Assert.InRange(limited, 1, Seconds / 5);
        Assert.InRange(least, Line * 0.49, Line);
    }

    [Fact]
    public void Tcp_is_never_limited_to_next_to_nothing()
    {
        Pass(20, new TransportUse(1, 30_000), new TransportUse(100, 20_000));
        Assert.InRange(_mode.Limit ?? double.MaxValue, MixedMode.Least, double.MaxValue);
    }

    [Fact]
    public void A_connection_that_says_next_to_nothing_is_not_active()
    {
        TransportUse use = default(TransportUse).Add(100).Add(5_000);
        Assert.Equal(new TransportUse(1, 5_100), use);
    }

    private void Pass(int seconds, TransportUse tcp, TransportUse utp, bool hasQueue = true)
    {
        for (int second = 0; second < seconds; second++)
            _mode.OnSecond(tcp, utp, hasQueue);
    }
}

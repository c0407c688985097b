using Freshet.Core.Rates;

namespace Freshet.Core.Tests.Rates;

/// <summary>
/// TCP and uTP of a session as a model: each has what it could transfer by itself, they share a line or do not, and rates follow a change
/// within seconds. Where they share it, uTP yields. What is seen of the rates is their average over five seconds, as that of a
/// <see cref="RateMeter"/>.
/// </summary>
public class MixedModeTests
{
    private const int FiveMinutes = 300;
    private const int MeterSeconds = 5;

    /// <summary>Each peer has its own narrow place; what uTP has is no fair part, but no limit of TCP helps.</summary>
    [Theory]
    [InlineData(40, 30, 10, 20, 0)]
    [InlineData(40, 20, 10, 20, 0)]
    [InlineData(90, 35, 5, 5, 0)]
    [InlineData(9, 4, 1, 1, 0)]
    [InlineData(40, 1, 10, 20, 0)]
    [InlineData(40, 5, 10, 20, 0)]
    [InlineData(10, 0.3, 5, 5, 0)]
    [InlineData(40, 30, 10, 20, 0.1)]
    [InlineData(40, 20, 10, 20, 0.3)]
    [InlineData(90, 35, 5, 5, 0.2)]
    [InlineData(9, 4, 1, 1, 0.5)]
    [InlineData(40, 1, 10, 20, 0.2)]
    public void Where_nothing_is_shared_hardly_anything_is_lost(double tcp, double utp, int tcps, int utps, double noise)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            MixedLine line = new(seed) { Tcp = tcp, Utp = utp, Noise = noise };
            line.Run(new MixedMode(), tcps, utps, seconds: 3 * 3_600);
            Assert.InRange(line.LeastKeptOf(FiveMinutes), 0.95, 2);
            Assert.InRange(line.Kept, 0.99, 2);
        }
    }

    /// <summary>uTP connections that come and go, or have something to send only now and then.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(9)]
    [InlineData(50)]
    [InlineData(80)]
    [InlineData(95)]
    [InlineData(200)]
    public void Connections_that_come_and_go_cost_hardly_anything(int period)
    {
        MixedLine line = new(1) { Tcp = 40, Utp = 5 };
        line.Run(new MixedMode(), 10, 20, seconds: 3_600, utpsAt: second => second % period == 0 ? 0 : 20);
        Assert.InRange(line.LeastKeptOf(FiveMinutes), 0.95, 2);
    }

    [Theory]
    [InlineData(10, 1, 1, 0)]
    [InlineData(100, 4, 4, 0.02)]
    [InlineData(40, 10, 20, 0.02)]
    [InlineData(40, 3, 1, 0)]
    [InlineData(10, 1, 4, 0.05)]
    public void On_a_line_that_both_share_utp_gets_its_part(double capacity, int tcps, int utps, double noise)
    {
        MixedLine line = new(1) { Tcp = 10 * capacity, Utp = 10 * capacity, Capacity = capacity, Noise = noise };
        MixedMode mode = new();
        line.Run(mode, tcps, utps, seconds: 600);
        line.Forget();
        line.Run(mode, tcps, utps, seconds: 1_800);
        double part = (double)utps / (tcps + utps);
        Assert.InRange(line.PartOfUtp, 0.8 * part, 1.05 * part);
        Assert.InRange(line.Kept, 0.93, 1.01);
    }

    /// <summary>The limit goes no lower than uTP makes use of it.</summary>
    [Fact]
    public void Utp_that_wants_little_gets_that_and_leaves_the_rest_to_tcp()
    {
        MixedLine line = new(1) { Tcp = 100, Utp = 12, Capacity = 40 };
        MixedMode mode = new();
        line.Run(mode, 1, 1, seconds: 600);
        line.Forget();
        line.Run(mode, 1, 1, seconds: 1_800);
        Assert.InRange(line.PartOfUtp, 0.15, 0.3);
        Assert.InRange(line.Kept, 0.95, 1.01);
    }

    [Fact]
    public void A_line_that_becomes_wider_is_found_out_in_minutes()
    {
        MixedLine line = new(1) { Tcp = 100, Utp = 20, Capacity = 20 };
        MixedMode mode = new();
        line.Run(mode, 1, 1, seconds: 600);
        Assert.NotNull(mode.Limit);
        line.Capacity = 200;
        line.Run(mode, 1, 1, seconds: MixedMode.HoldSeconds + 60);
        line.Forget();
        line.Run(mode, 1, 1, seconds: 3_600);
        Assert.InRange(line.LeastKeptOf(FiveMinutes), 0.95, 2);
    }

    [Fact]
    public void Rests_double_after_each_vain_trial_up_to_half_an_hour()
    {
        MixedLine line = new(1) { Tcp = 40, Utp = 5 };
        line.Run(new MixedMode(), 10, 20, seconds: 6 * 3_600);
        int[] rests = [.. line.Rests];
        Assert.Equal(MixedMode.FirstRest - 1, rests[0]);
        Assert.Equal(2 * MixedMode.FirstRest, rests[1]);
        Assert.Equal(4 * MixedMode.FirstRest, rests[2]);
        Assert.Equal(MixedMode.LongestRest, rests[^1]);
    }

    [Fact]
    public void Whatever_has_its_part_already_is_left_alone()
    {
        MixedLine line = new(1) { Tcp = 20, Utp = 20 };
        MixedMode mode = new();
        line.Run(mode, 1, 1, seconds: 1_000);
        line.Run(mode, 1, 0, seconds: 1_000);
        line.Run(mode, 0, 1, seconds: 1_000);
        Assert.Empty(line.Rests);
        Assert.Equal(1, line.Kept);
    }

    /// <summary>Demands, capacities, numbers and noise at random; what is shared is lost to nobody, and what is not, neither.</summary>
    [Fact]
    public void Whatever_happens_hardly_anything_is_lost()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            Random random = new(seed);
            MixedLine line = new(seed) { Noise = random.NextDouble() * 0.3 };
            MixedMode mode = new();
            for (int change = 0; change < 20; change++)
            {
                line.Tcp = Math.Pow(10, random.NextDouble() * 2);
                line.Utp = Math.Pow(10, random.NextDouble() * 2);
                line.Capacity = random.Next(3) == 0 ? double.MaxValue : Math.Pow(10, random.NextDouble() * 2);
                line.Run(mode, random.Next(1, 20), random.Next(1, 20), random.Next(100, 2_000));
            }

            Assert.True(line.Kept >= 0.94, $"seed {seed} keeps {line.Kept:P1}");
        }
    }

    private sealed class MixedLine(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly List<(double With, double Without)> _sums = [];
        private readonly List<int> _rests = [];
        private readonly Queue<TransportRates> _seen = [];
        private double _ofUtp;
        private double _tcpNow;
        private double _utpNow;
        private double _tcpNoise = 1;
        private double _utpNoise = 1;
        private int _unlimited;
        private double? _limit;

        /// <summary>What TCP could transfer by itself.</summary>
        public double Tcp { get; set; }

        /// <summary>What uTP could transfer by itself.</summary>
        public double Utp { get; set; }

        /// <summary>What both can transfer together.</summary>
        public double Capacity { get; set; } = double.MaxValue;

        /// <summary>By how much rates change by themselves; they do so slowly.</summary>
        public double Noise { get; init; }

        /// <summary>How much of what would be transferred without limits is.</summary>
        public double Kept => _sums.Sum(static sum => sum.With) / _sums.Sum(static sum => sum.Without);

        public double PartOfUtp => _ofUtp / _sums.Sum(static sum => sum.With);

        /// <summary>How many seconds each time without a limit took, before one.</summary>
        public IReadOnlyList<int> Rests => _rests;

        /// <summary>As <see cref="Kept"/>, of the worst of all spans of so many seconds.</summary>
        public double LeastKeptOf(int seconds)
        {
            double least = 1;
            for (int at = 0; at + seconds <= _sums.Count; at += 10)
            {
                List<(double With, double Without)> span = _sums.GetRange(at, seconds);
                least = Math.Min(least, span.Sum(static sum => sum.With) / span.Sum(static sum => sum.Without));
            }

            return least;
        }

        public void Forget()
        {
            _sums.Clear();
            _ofUtp = 0;
        }

        public void Run(MixedMode mode, int tcps, int utps, int seconds, Func<int, int>? utpsAt = null)
        {
            for (int second = 0; second < seconds; second++)
            {
                int now = utpsAt?.Invoke(second) ?? utps;
                Advance(tcps, now);
                _seen.Enqueue(new TransportRates(_tcpNow, _utpNow));
                if (_seen.Count > MeterSeconds)
                    _seen.Dequeue();
                mode.OnSecond(_seen.Aggregate(static (sum, rates) => sum + rates) / _seen.Count, tcps, now);
                _limit = mode.Limit;
                if (_limit is null)
                {
                    _unlimited++;
                }
                else if (_unlimited > 0)
                {
                    _rests.Add(_unlimited);
                    _unlimited = 0;
                }
            }
        }

        private void Advance(int tcps, int utps)
        {
            _tcpNoise = Follow(_tcpNoise, 1 + (Noise * ((_random.NextDouble() * 2) - 1)), 0.3);
            _utpNoise = Follow(_utpNoise, 1 + (Noise * ((_random.NextDouble() * 2) - 1)), 0.3);
            double tcp = tcps > 0 ? Tcp * _tcpNoise : 0;
            double utp = utps > 0 ? Utp * _utpNoise : 0;
            (double freeTcp, double freeUtp) = Share(tcp, utp);
            (double limitedTcp, double limitedUtp) = Share(Math.Min(tcp, _limit ?? double.MaxValue), utp);
            _tcpNow = Follow(_tcpNow, limitedTcp, 0.5);
            _utpNow = Follow(_utpNow, limitedUtp, 0.4);
            _sums.Add((limitedTcp + limitedUtp, freeTcp + freeUtp));
            _ofUtp += limitedUtp;
        }

        // uTP has what TCP leaves, nearly, and a fiftieth in any case.
        private (double Tcp, double Utp) Share(double tcp, double utp)
        {
            if (tcp + utp <= Capacity)
                return (tcp, utp);
            double ofUtp = Math.Min(utp, Math.Max((Capacity - tcp) * 0.97, Capacity / 50));
            return (Math.Min(tcp, Capacity - ofUtp), ofUtp);
        }

        private static double Follow(double now, double target, double speed) => now + ((target - now) * speed);
    }
}

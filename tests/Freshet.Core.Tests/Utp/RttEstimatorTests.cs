using Freshet.Core.Utp;

namespace Freshet.Core.Tests.Utp;

/// <summary>As in BEP 29: an eighth of the difference, a quarter of the deviation, and at least half a second.</summary>
public class RttEstimatorTests
{
    private readonly RttEstimator _estimator = new();

    [Fact]
    public void Before_anything_is_known_it_waits_a_second() =>
        Assert.Equal((0, 1_000), (_estimator.Smoothed.TotalMilliseconds, _estimator.Timeout.TotalMilliseconds));

    [Fact]
    public void The_first_sample_counts_fully_with_half_of_it_as_deviation() => Expect(400, 400 + (4 * 200), 400);

    [Fact]
    public void Later_samples_count_in_part() =>

        // The difference is 160: a deviation of 200 moves to 190, the mean by 20.
        Expect(420, 420 + (4 * 190), 400, 560);

    [Theory]
    [InlineData(500, 1, 1, 1, 1)]
    [InlineData(30_000, 20_000, 60_000, 20_000, 60_000)]
    public void The_wait_has_limits(int expected, params int[] samples)
    {
        foreach (int sample in samples)
            _estimator.Add(TimeSpan.FromMilliseconds(sample));
        Assert.Equal(expected, _estimator.Timeout.TotalMilliseconds);
    }

    [Fact]
    public void A_steady_line_converges_to_its_own_time()
    {
        _estimator.Add(TimeSpan.FromMilliseconds(3_000));
        for (int i = 0; i < 100; i++)
            _estimator.Add(TimeSpan.FromMilliseconds(700));
        Assert.InRange(_estimator.Smoothed.TotalMilliseconds, 700, 701);
        Assert.InRange(_estimator.Timeout.TotalMilliseconds, 700, 710);
    }

    [Fact]
    public void A_sample_of_zero_counts_as_known()
    {
        _estimator.Add(TimeSpan.Zero);
        Assert.True(_estimator.Smoothed > TimeSpan.Zero);
    }

    private void Expect(int smoothed, int timeout, params int[] samples)
    {
        foreach (int sample in samples)
            _estimator.Add(TimeSpan.FromMilliseconds(sample));
        Assert.Equal((smoothed, timeout), (_estimator.Smoothed.TotalMilliseconds, _estimator.Timeout.TotalMilliseconds));
    }
}

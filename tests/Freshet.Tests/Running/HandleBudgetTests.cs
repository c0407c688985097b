using Freshet.Running;

namespace Freshet.Tests.Running;

public class HandleBudgetTests
{
    [Theory]
    [InlineData(100_000, 500, 256, 50)]
    [InlineData(888, 500, 256, 50)]
    [InlineData(887, 500, 255, 50)]
    [InlineData(232, 100, 50, 25)]
    [InlineData(42, 2, 8, 2)]
    [InlineData(-5, 2, 8, 2)]
    public void Demands_are_met_as_far_as_handles_allow(long free, int connections, int files, int strangers)
    {
        HandleBudget fit = HandleBudget.Fit(new HandleBudget(500, 256, 50), free);
        Assert.True(fit.Connections + fit.Files + (2 * fit.Strangers) <= Math.Max(free - 32, 14));
        Assert.Equal(new HandleBudget(connections, files, strangers), fit);
    }

    [Fact]
    public void Demands_are_never_exceeded() =>
        Assert.Equal(new HandleBudget(10, 290, 50), HandleBudget.Fit(new HandleBudget(10, 1_000, 50), 432));
}

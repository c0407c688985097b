using System.Globalization;
using FsCheck;

namespace Freshet.Core.Tests;

/// <summary>
/// Runs properties on values that are new in every run. A failure names its seed, and the variable <c>FRESHET_PROPERTY_SEED</c> set to that
/// seed draws the same values again.
/// </summary>
internal static class Properties
{
    public const string SeedVariable = "FRESHET_PROPERTY_SEED";

    /// <summary>Checks that a property holds for so many values.</summary>
    public static void Holds(this Property property, int runs)
    {
        ulong seed = ReadSeed() ?? (ulong)System.Random.Shared.NextInt64();
        try
        {
            // The generator's second number must be odd; one of the two being new is enough.
            property.Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(runs).WithReplay(seed, 11));
        }
        catch (Exception failure)
        {
            Assert.Fail(string.Create(
                CultureInfo.InvariantCulture, $"{SeedVariable}={seed} draws these values again. {failure.Message}\n{failure}"));
        }
    }

    private static ulong? ReadSeed() => Environment.GetEnvironmentVariable(SeedVariable) is { Length: > 0 } text
        ? ulong.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : null;
}

using System.CommandLine;
using System.Globalization;
using Freshet.Cli.Parsing;
using Freshet.Core.Torrents;

namespace Freshet.Cli.Transfers;

/// <summary>The options that limit seeding.</summary>
internal sealed class SeedLimitOptions
{
    private readonly Option<double?> _ratio = new("--ratio")
    {
        Description = "Seed until each torrent has sent this many times what it received, over all runs.",
        HelpName = "R",
        CustomParser = result =>
        {
            string text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
            if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double ratio)
                && double.IsFinite(ratio))
                return ratio;
            result.AddError($"'{text}' is not a ratio; write it as 2 or 1.5.");
            return null;
        },
    };

    private readonly Option<TimeSpan?> _seedTime = Values.DurationOption(
        "--seed-time", "Seed each torrent for this long, over all runs, such as 90m or 2d.");

    public void AddTo(Command command)
    {
        command.Add(_ratio);
        command.Add(_seedTime);
    }

    /// <summary>The seed limits; null if the user has given none.</summary>
    public SeedLimits? Of(ParseResult parsed)
    {
        SeedLimits limits = new() { Ratio = parsed.GetValue(_ratio), SeedTime = parsed.GetValue(_seedTime) };
        return limits == SeedLimits.None ? null : limits;
    }
}

using System.Globalization;

namespace Freshet.Benchmarks.Api;

/// <summary>What to measure.</summary>
/// <param name="Count">The number of torrents of the daemon.</param>
/// <param name="Seconds">How long requests are sent.</param>
/// <param name="Folder">The folder in which the torrents are made.</param>
/// <param name="Clients">How many send requests, each one after the other.</param>
/// <param name="Listeners">How many others listen to events.</param>
internal sealed record ApiBenchOptions(int Count, int Seconds, string Folder, int Clients, int Listeners)
{
    public static ApiBenchOptions? Parse(string[] args)
    {
        ApiBenchOptions options = new(10_000, 30, Path.GetTempPath(), Clients: 1, Listeners: 0);
        for (int i = 0; i < args.Length; i++)
        {
            bool hasValue = i + 1 < args.Length;
            if (args[i] == "--in" && hasValue)
                options = options with { Folder = args[++i] };
            else if (args[i] == "--seconds" && hasValue && int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out int seconds))
                (options, i) = (options with { Seconds = seconds }, i + 1);
            else if (args[i] == "--clients" && hasValue && int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out int clients))
                (options, i) = (options with { Clients = clients }, i + 1);
            else if (args[i] == "--listeners" && hasValue && int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out int listeners))
                (options, i) = (options with { Listeners = listeners }, i + 1);
            else if (int.TryParse(args[i], CultureInfo.InvariantCulture, out int count) && count > 0)
                options = options with { Count = count };
            else
                return null;
        }

        return options is { Seconds: > 0, Clients: > 0, Listeners: >= 0 } ? options : null;
    }
}

using System.Globalization;

namespace Freshet.Benchmarks.Rest;

/// <summary>What to measure.</summary>
/// <param name="Count">The number of torrents.</param>
/// <param name="Folder">The folder in which they are made.</param>
/// <param name="RestSeconds">How long they are left alone.</param>
/// <param name="Only">The one program to measure; null for all.</param>
/// <param name="Keeps">Whether they are kept, for <c>restore child FOLDER SECONDS</c>, for example under a profiler.</param>
internal sealed record RestoreOptions(int Count, string Folder, int RestSeconds, string? Only, bool Keeps)
{
    public static RestoreOptions? Parse(string[] args)
    {
        RestoreOptions options = new(10_000, Path.GetTempPath(), 30, null, Keeps: false);
        for (int i = 0; i < args.Length; i++)
        {
            bool hasValue = i + 1 < args.Length;
            switch (args[i])
            {
                case "--in" when hasValue:
                    options = options with { Folder = args[++i] };
                    break;
                case "--rest" when hasValue && int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out int seconds) && seconds > 0:
                    options = options with { RestSeconds = seconds };
                    i++;
                    break;
                case "--only" when hasValue && args[i + 1] is "freshet" or "libtorrent":
                    options = options with { Only = args[++i] };
                    break;
                case "--keep":
                    options = options with { Keeps = true };
                    break;
                default:
                    if (!int.TryParse(args[i], CultureInfo.InvariantCulture, out int count) || count < 1)
                        return null;
                    options = options with { Count = count };
                    break;
            }
        }

        return options;
    }
}

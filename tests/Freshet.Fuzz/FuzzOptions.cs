using System.Globalization;

namespace Freshet.Fuzz;

/// <summary>What the command line asks for.</summary>
internal sealed record FuzzOptions
{
    public const string Usage = """
        usage: Freshet.Fuzz [--target NAME|all] [--seconds N | --iterations N] [--seed S] [--corpus DIR] [--output DIR] [--keep DIR]
               Freshet.Fuzz --replay [--target NAME|all] [--corpus DIR|FILE]

        Mutates well-formed inputs and gives them to the parsers, and goes on from those that reach code which none reached before.
        An input that breaks a parser is written to the output folder (default: the current one), and the exit code is 1. The same
        seed and number of iterations make the same inputs; without --seed it is drawn and printed. --seconds and --iterations are for
        each target (default: 10 seconds). --replay runs the seeds and the corpus alone; DIR holds a folder a target, FILE is a single
        input. --keep writes the least inputs that reach everything to that corpus. A stack overflow ends the process without a word:
        fuzz-NAME-PID.current in the output folder is then the input, behind four bytes of its length.
        """;

    public string Target { get; init; } = "all";

    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(10);

    public long Iterations { get; init; } = long.MaxValue;

    public int Seed { get; init; } = Environment.TickCount & int.MaxValue;

    public string Corpus { get; init; } = Path.Combine(AppContext.BaseDirectory, "Corpus");

    public string Output { get; init; } = ".";

    public bool Replay { get; init; }

    /// <summary>The corpus that receives what was found, reduced to a minimum; null for none.</summary>
    public string? Keep { get; init; }

    /// <summary>Reads the command line; returns null if it is not valid.</summary>
    public static FuzzOptions? Parse(string[] args)
    {
        var options = new FuzzOptions();
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] == "--replay")
            {
                options = options with { Replay = true };
                continue;
            }

            string? value = i + 1 < args.Length ? args[i + 1] : null;
            FuzzOptions? next = value is null ? null : options.With(args[i], value);
            if (next is null)
                return null;
            options = next;
            i++;
        }

        return options;
    }

    private FuzzOptions? With(string name, string value)
    {
        bool isNumber = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number);
        return name switch
        {
            "--target" => this with { Target = value },
            "--corpus" => this with { Corpus = value },
            "--output" => this with { Output = value },
            "--keep" => this with { Keep = value },
            "--seconds" when isNumber && number < int.MaxValue => this with { Time = TimeSpan.FromSeconds(number) },
            "--iterations" when isNumber => this with { Iterations = number, Time = TimeSpan.MaxValue },
            "--seed" when isNumber && number <= int.MaxValue => this with { Seed = (int)number },
            _ => null,
        };
    }
}

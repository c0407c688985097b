using System.Text;
using Freshet.Cli.Consoles;
using Spectre.Console;

namespace Freshet.Cli.Transfers;

/// <summary>Lets Spectre.Console draw on our streams, without asking the process for its own.</summary>
internal sealed class SpectreOutput(IConsoleStreams streams) : IAnsiConsoleOutput
{
    public TextWriter Writer => streams.Out;

    public bool IsTerminal => streams.OutIsTerminal;

    public int Width => streams.Width;

    public int Height => streams.Height;

    public void SetEncoding(Encoding encoding)
    {
        // Ours is UTF-8 and stays UTF-8.
    }

    public static IAnsiConsole CreateConsole(IConsoleStreams streams) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new SpectreOutput(streams),
        Ansi = AnsiSupport.Yes,
        Interactive = InteractionSupport.Yes,
        ColorSystem = streams.AllowsColor ? ColorSystemSupport.EightBit : ColorSystemSupport.NoColors,
        Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
    });
}

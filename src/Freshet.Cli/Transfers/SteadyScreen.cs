using System.Text;
using Freshet.Cli.Consoles;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Freshet.Cli.Transfers;

/// <summary>
/// A block of lines at the bottom of a terminal, redrawn in place, with other lines scrolling away above it. The cursor is at the start of
/// the line below the block, and <see cref="_drawn"/> holds the width of each line of the block in columns. Spectre's own live display pads
/// every frame to the widest so far, which breaks when the window is made narrower.
/// </summary>
internal sealed class SteadyScreen(IAnsiConsole console, IConsoleStreams streams)
{
    private const string HideCursor = "\e[?25l";
    private const string ShowCursor = "\e[?25h";
    private const string ClearBelow = "\e[J";
    private const string ClearRest = "\e[K";

    private List<int> _drawn = [];

    /// <summary>The maximum number of lines in the window; the last one is for the cursor.</summary>
    public int Room => Math.Max(1, streams.Height - 1);

    /// <summary>Draws these lines in place of the previous ones; what does not fit into the window is cut.</summary>
    public void Draw(IReadOnlyList<IReadOnlyList<Segment>> lines)
    {
        int width = Math.Max(2, streams.Width - 1);
        List<Segment> frame = [Segment.Control(HideCursor + ToTop())];
        List<int> drawn = [];
        foreach (IReadOnlyList<Segment> line in lines.Take(Room))
            Add(frame, drawn, Fit(line, width));
        frame.Add(Segment.Control(ClearBelow));
        Write(frame);
        _drawn = drawn;
    }

    /// <summary>Removes the block and writes a line in its place.</summary>
    public void WriteAbove(string text, Style style) =>
        Write([Segment.Control(TakeAway()), new Segment(text, style), Segment.LineBreak]);

    /// <summary>Removes the block and leaves the terminal as it was.</summary>
    public void Close() => Write([Segment.Control(TakeAway() + ShowCursor)]);

    /// <summary>The block is no longer on the terminal: the next one is drawn at the cursor.</summary>
    public void Forget() => _drawn = [];

    private static void Add(List<Segment> frame, List<int> drawn, IReadOnlyList<Segment> line)
    {
        frame.AddRange(line);
        frame.Add(Segment.Control(ClearRest));
        frame.Add(Segment.LineBreak);
        drawn.Add(Segment.CellCount(line));
    }

    /// <summary>Cuts a line to a number of columns; a character may take two.</summary>
    private static IReadOnlyList<Segment> Fit(IReadOnlyList<Segment> line, int width)
    {
        if (Segment.CellCount(line) <= width)
            return line;
        List<Segment> kept = [];
        int room = width - 1;
        foreach (Segment part in line)
        {
            int length = 0;
            foreach (Rune character in part.Text.EnumerateRunes())
            {
                room -= new Segment(character.ToString()).CellCount();
                if (room < 0)
                    return [.. kept, new Segment(part.Text[..length] + "…", part.Style)];
                length += character.Utf16SequenceLength;
            }

            kept.Add(part);
        }

        return kept;
    }

    private string TakeAway()
    {
        string codes = ToTop() + ClearBelow;
        _drawn = [];
        return codes;
    }

    /// <summary>In a window that became narrower, a line of the block has become several.</summary>
    private string ToTop()
    {
        int width = Math.Max(1, streams.Width);
        int rows = _drawn.Sum(cells => Math.Max(1, (cells + width - 1) / width));
        return rows == 0 ? "" : $"\r\e[{rows}A";
    }

    private void Write(List<Segment> segments) => console.Write(new Frame(segments));

    private sealed class Frame(List<Segment> segments) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => new(1, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => segments;
    }
}

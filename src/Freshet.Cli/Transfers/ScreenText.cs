using System.Text;
using Spectre.Console.Rendering;

namespace Freshet.Cli.Transfers;

/// <summary>Text in terminal columns; a character may take two.</summary>
internal static class ScreenText
{
    public static int WidthOf(string text) => new Segment(text).CellCount();

    /// <summary>The text, truncated with an ellipsis if it is too wide.</summary>
    public static string Cut(string text, int width)
    {
        if (WidthOf(text) <= width)
            return text;
        StringBuilder cut = new();
        int used = 0;
        foreach (Rune character in text.EnumerateRunes())
        {
            int cells = WidthOf(character.ToString());
            if (used + cells > width - 1)
                break;
            cut.Append(character);
            used += cells;
        }

        return cut.Append('…').ToString();
    }

    /// <summary>The text, padded to a width.</summary>
    public static string Pad(string text, int width)
    {
        string cut = Cut(text, width);
        return cut + new string(' ', Math.Max(0, width - WidthOf(cut)));
    }
}

namespace AIOrleans.Host.Demo.Scenes;

/// <summary>Words pass as they come; the usage comes last.</summary>
internal sealed class StreamScene(DemoScreen screen, DemoClient client) : IDemoScene
{
    private const string Prompt = "Tell me more, word by word.";

    public string Title => "A stream: every word passes the moment it comes";

    public async Task PlayAsync(CancellationToken cancellationToken)
    {
        int words = 0;
        bool isDone = false;
        DemoTokens? usage = null;
        screen.Quote("team web", Prompt);
        screen.BeginWords("model");
        await foreach (DemoPiece piece in client.StreamAsync(DemoConfig.Web, DemoConfig.Assistant, Prompt, tokensMax: 12, cancellationToken))
        {
            screen.Word(piece.Word);
            words += piece.Word.Length > 0 ? 1 : 0;
            usage ??= piece.Usage;
            isDone = piece.IsDone;
        }

        screen.EndWords();
        screen.Claim($"The answer came in {words} events and ended with [DONE].", words > 1 && isDone, $"{words} events, {(isDone ? "with" : "without")} [DONE]");
        screen.Claim(
            $"The last event tells the usage: {usage?.Input} tokens in, {usage?.Output} out.", usage?.Output == words, $"{usage?.Output.ToString() ?? "no"} tokens for {words} words");
    }
}

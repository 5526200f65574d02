namespace AIOrleans.Protocols.Tokens;

/// <summary>Tokens that a provider puts around the texts of a call, and what stands for an image whose size nobody has read.</summary>
/// <param name="Call">Once a call.</param>
/// <param name="Message">For each message: its role and separators.</param>
/// <param name="Tools">Once, where tools are offered.</param>
/// <param name="Tool">For each tool.</param>
/// <param name="Image">An image.</param>
/// <param name="SmallImage">One that the client wants seen with <c>"detail": "low"</c>.</param>
internal readonly record struct CallOverhead(int Call, int Message, int Tools, int Tool, int Image, int SmallImage)
{
    /// <summary>Numbers of one family.</summary>
    /// <remarks>
    /// Sources. OpenAI's cookbook, "How to count tokens": 3 and the role for a message, 3 for the answer's beginning, 7 for a function, 12 after them; its vision guide: 85 and 170 for each tile,
    /// so 765 for 1024 x 1024. Anthropic's guides: 346 for tool use, 1 600 for the largest image that is not scaled down; its example of "Hello, world" counts 10. Gemini's guide: 258 for an
    /// image, nothing for messages. Llama 3's model card: four tokens and the role around a message.
    /// </remarks>
    public static CallOverhead Of(TokenFamily family) => family switch
    {
        TokenFamily.O200k or TokenFamily.Cl100k => new CallOverhead(3, 4, 12, 7, 765, 85),
        TokenFamily.Claude => new CallOverhead(3, 4, 346, 0, 1600, 1600),
        TokenFamily.Gemini => new CallOverhead(0, 0, 0, 0, 258, 258),
        _ => new CallOverhead(5, 5, 0, 0, 1600, 1600),
    };
}

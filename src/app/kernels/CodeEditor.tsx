import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { EditorState, StateEffect, StateField, type Range } from '@codemirror/state';
import { Decoration, EditorView, keymap, lineNumbers, WidgetType, type DecorationSet } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'react';
import type { CompileMessage } from '../compute';
import { editedLines } from './sources';

const KEYWORDS = /^(?:alias|break|case|const|const_assert|continue|continuing|default|diagnostic|discard|else|enable|fn|for|if|let|loop|override|requires|return|struct|switch|var|while)\b/;

/** WGSL as far as colour needs it: comments, keywords, attributes, numbers. */
const wgsl = StreamLanguage.define<{ depth: number }>({
  startState: () => ({ depth: 0 }),
  token(stream, state) {
    if (state.depth > 0 || stream.match('/*')) {
      if (state.depth === 0) state.depth = 1;
      while (!stream.eol()) {
        if (stream.match('*/')) state.depth--;
        else if (stream.match('/*')) state.depth++;
        else stream.next();
        if (state.depth === 0) break;
      }
      return 'comment';
    }
    if (stream.match('//')) {
      stream.skipToEnd();
      return 'comment';
    }
    if (stream.match(KEYWORDS)) return 'keyword';
    if (stream.match(/^[A-Za-z_]\w*/)) return null;
    stream.next();
    return null;
  },
});
const ink = HighlightStyle.define([{ tag: tags.comment, color: 'var(--ink3)' }, { tag: tags.keyword, fontWeight: '600' }]);

class MessageLine extends WidgetType {
  constructor(private readonly message: CompileMessage) {
    super();
  }

  override eq(other: MessageLine): boolean {
    return other.message === this.message;
  }

  toDOM(): HTMLElement {
    const line = document.createElement('div');
    line.className = `code-message code-message-${this.message.type}`;
    line.textContent = `line ${this.message.line}, column ${this.message.column}: ${this.message.text}`;
    return line;
  }
}

const setMessages = StateEffect.define<readonly CompileMessage[]>();

function messageMarks(state: EditorState, messages: readonly CompileMessage[]): DecorationSet {
  const marks = messages.map((message) => {
    const line = state.doc.line(Math.min(state.doc.lines, Math.max(1, message.line)));
    return Decoration.widget({ widget: new MessageLine(message), block: true, side: 1 }).range(line.to);
  });
  return Decoration.set(marks, true);
}

const messageField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) if (effect.is(setMessages)) return messageMarks(transaction.state, effect.value);
    return marks.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

function editedField(original: string): StateField<DecorationSet> {
  const mark = (state: EditorState): DecorationSet => {
    const lines = editedLines(original, state.doc.toString()).map((n): Range<Decoration> => Decoration.line({ class: 'code-edited' }).range(state.doc.line(n).from));
    return Decoration.set(lines, true);
  };
  return StateField.define<DecorationSet>({
    create: mark,
    update: (marks, transaction) => (transaction.docChanged ? mark(transaction.state) : marks),
    provide: (field) => EditorView.decorations.from(field),
  });
}

interface CodeEditorProps {
  readonly label: string;
  readonly original: string;
  readonly text: string;
  readonly messages: readonly CompileMessage[];
  readonly onChange: (text: string) => void;
}

/** The kernel's text, open to changes. Edited lines stand on warn ground, what the compiler says stands under its line. */
export default function CodeEditor({ label, original, text, messages, onChange }: CodeEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const change = useRef(onChange);
  useEffect(() => { change.current = onChange; });
  const initial = useRef(text);
  useEffect(() => { initial.current = text; });

  useEffect(() => {
    const editor = new EditorView({
      parent: place.current!,
      state: EditorState.create({
        doc: initial.current,
        extensions: [
          lineNumbers(), history(), keymap.of([...defaultKeymap, ...historyKeymap]), wgsl, syntaxHighlighting(ink), messageField, editedField(original),
          EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', tabindex: '0' }),
          EditorView.updateListener.of((update) => { if (update.docChanged) change.current(update.state.doc.toString()); }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, [label, original]);

  useEffect(() => {
    const { current } = view;
    if (current && current.state.doc.toString() !== text) current.dispatch({ changes: { from: 0, to: current.state.doc.length, insert: text } });
  }, [text]);
  useEffect(() => { view.current?.dispatch({ effects: setMessages.of(messages) }); }, [messages]);

  return <div ref={place} className="code" />;
}
